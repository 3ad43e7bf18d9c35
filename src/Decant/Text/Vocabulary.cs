namespace Decant.Text;

/// <summary>Tokens and their ids, which are the places in the list.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;

    public Vocabulary(IReadOnlyList<string> tokens)
    {
        Tokens = tokens;
        _ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
            if (!_ids.TryAdd(tokens[id], id)) throw new DecantException($"The vocabulary has the token '{tokens[id]}' twice, as {_ids[tokens[id]]} and as {id}.");
        var special = SpecialTokens.Names.Select(name => _ids.TryGetValue(name, out var id) ? id : throw new DecantException($"The vocabulary lacks the special token {name}.")).ToArray();
        Special = new SpecialTokens(special[0], special[1], special[2], special[3], special[4]);
    }

    public IReadOnlyList<string> Tokens { get; }

    public SpecialTokens Special { get; }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup => _ids.GetAlternateLookup<ReadOnlySpan<char>>();
}
