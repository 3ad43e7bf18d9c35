namespace Decant.Text;

/// <summary>The tokens that stand before and after a text of a language model.</summary>
internal static class TextBoundaries
{
    /// <summary>The token after a text: the tokenizer's end-of-text token, or else its separator or its begin-of-text token.</summary>
    /// <exception cref="DecantException">The tokenizer has none of these.</exception>
    public static int EndOfText(ITokenizer tokenizer) => tokenizer.Special.Eos ?? tokenizer.Special.Separator ?? tokenizer.Special.Bos
        ?? throw new DecantException("A language model learns where a text ends, and the tokenizer has no token that says so (eos_token, sep_token or bos_token): take one that has.");

    /// <summary>The token before a text or prompt; null: none.</summary>
    public static int? BeginOfText(ITokenizer tokenizer) => tokenizer.Special.Bos is { } bos && bos != EndOfText(tokenizer) ? bos : null;
}
