namespace Decant.Text;

/// <summary>What a tokenizer puts around a model's only text.</summary>
/// <param name="Before">What stands before it, such as [CLS].</param>
/// <param name="After">What stands after it, such as [SEP].</param>
internal sealed record SurroundingTokens(int[] Before, int[] After)
{
    /// <summary>Found by trying: what a tokenizer puts around a text is its own affair.</summary>
    public static SurroundingTokens Of(ITokenizer tokenizer)
    {
        const string Probe = "a";
        var text = tokenizer.Encode(Probe);
        var ids = tokenizer.EncodeForModel(Probe, null, int.MaxValue).Ids;
        var at = text.Length == 0 ? -1 : ids.AsSpan().IndexOf(text);
        return at < 0 ? new([], []) : new(ids[..at], ids[(at + text.Length)..]);
    }
}
