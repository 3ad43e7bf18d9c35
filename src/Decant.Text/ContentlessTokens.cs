namespace Decant.Text;

/// <summary>Tokens that say nothing of a text.</summary>
internal static class ContentlessTokens
{
    /// <summary>Those that a tokenizer puts around a text, such as [CLS] and [SEP], and the unknown one; rising.</summary>
    public static IReadOnlyList<int> Of(ITokenizer tokenizer)
    {
        var around = SurroundingTokens.Of(tokenizer);
        int[] unknown = tokenizer.Special.Unknown is { } id ? [id] : [];
        return [.. around.Before.Concat(around.After).Concat(unknown).Distinct().Order()];
    }

    /// <summary>Whether a token stands in a vocabulary for others to use, and no text becomes it: <c>[unused12]</c>, <c>&lt;unused3&gt;</c>.</summary>
    public static bool IsPlaceholder(string token)
    {
        var inside = token.Length > 2 && (token[0], token[^1]) is ('[', ']') or ('<', '>') ? token.AsSpan(1, token.Length - 2) : [];
        return inside.StartsWith("unused", StringComparison.OrdinalIgnoreCase) && inside.Length > 6 && !inside[6..].ContainsAnyExceptInRange('0', '9');
    }
}
