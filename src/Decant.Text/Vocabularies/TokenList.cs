namespace Decant.Text.Vocabularies;

/// <summary>All tokens of a tokenizer, the model's and the added ones, by token and by id.</summary>
internal sealed class TokenList
{
    private const int HighestId = (1 << 24) - 1;
    private readonly Dictionary<string, int> _ids;
    private readonly string?[] _tokens;

    public TokenList(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<AddedToken> added, string source)
    {
        _ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        foreach (var token in added) _ids[token.Content] = token.Id;
        foreach (var (token, id) in _ids)
            if (id is < 0 or > HighestId) throw new DecantException($"{source}: the token '{token}' has the id {id}; expected 0 to {HighestId}.");
        Size = _ids.Count == 0 ? 0 : _ids.Values.Max() + 1;
        _tokens = new string?[Size];
        foreach (var (token, id) in vocabulary)
        {
            if (_tokens[id] is { } other) throw new DecantException($"{source}: the tokens '{other}' and '{token}' both have the id {id}.");
            _tokens[id] = token;
        }

        foreach (var token in added) _tokens[token.Id] = token.Content;
    }

    public int Size { get; }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public string? TokenOf(int id) => id >= 0 && id < _tokens.Length ? _tokens[id] : null;
}
