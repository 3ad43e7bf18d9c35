namespace Decant.Text;

/// <summary>Where two tokenizers disagree, in words: which ids, which tokens.</summary>
internal static class TokenizerDifference
{
    private const int Shown = 3;

    /// <summary>The first ids with different tokens; where none does, that the same tokens are cut differently.</summary>
    /// <param name="theirs">The teacher's.</param>
    /// <param name="ours">The recipe's.</param>
    public static string Of(ITokenizer theirs, ITokenizer ours)
    {
        var (there, here) = (ById(theirs), ById(ours));
        var differing = there.Keys.Union(here.Keys).Order().Where(id => there.GetValueOrDefault(id) != here.GetValueOrDefault(id)).ToArray();
        if (differing.Length == 0)
            return "the same tokens, but texts are cut into others: merges, normalisation or special tokens differ";
        var first = differing.Take(Shown).Select(id => $"{id} is {Token(there, id)} there and {Token(here, id)} here");
        return $"{differing.Length:N0} ids denote other tokens, {string.Join(", ", first)}{(differing.Length > Shown ? ", …" : "")}";
    }

    private static Dictionary<int, string> ById(ITokenizer tokenizer)
    {
        var tokens = new Dictionary<int, string>();
        foreach (var (token, id) in tokenizer.TokenToId)
            tokens[id] = token;
        return tokens;
    }

    private static string Token(Dictionary<int, string> tokens, int id) => tokens.TryGetValue(id, out var token) ? $"'{token}'" : "nothing";
}
