namespace Decant.Data.Tokens;

/// <summary>Cuts a long text into pieces that a tokenizer encodes one by one.</summary>
/// <remarks>
/// A piece ends before a single space between two words: there byte-level and word-piece tokenizers begin a word anyway, so the ids are those of the whole text.
/// A text without such a space in half a piece is cut after a line break or, where there is none either, between two characters. A tokenizer that puts a space
/// before every text (SentencePiece's dummy prefix) puts one before every piece. The cuts are a function of the text alone: not of threads, nor of how it is read.
/// </remarks>
internal static class TextPieces
{
    /// <summary>The most characters of a piece; the last one of a text may have one more.</summary>
    public const int MostChars = 1 << 16;

    public static IEnumerable<string> Cut(TextReader reader, int most = MostChars)
    {
        var needed = most + 2; // a cut looks at the character after the one that it is before
        var buffer = new char[needed + 2]; // a decoder wants room for a pair of surrogates
        var filled = 0;
        while (true)
        {
            for (int read; filled < needed && (read = reader.Read(buffer.AsSpan(filled))) > 0;) filled += read;
            if (filled < needed) break;
            var cut = FindCut(buffer, most);
            yield return new string(buffer, 0, cut);
            buffer.AsSpan(cut, filled - cut).CopyTo(buffer);
            filled -= cut;
        }

        if (filled > 0) yield return new string(buffer, 0, filled);
    }

    /// <summary>Where the piece at the buffer's beginning ends: from half of the most to the most.</summary>
    private static int FindCut(ReadOnlySpan<char> text, int most)
    {
        for (var at = most; at > most / 2; at--)
            if (text[at] == ' ' && !char.IsWhiteSpace(text[at - 1]) && !char.IsWhiteSpace(text[at + 1])) return at;
        for (var at = most; at > most / 2; at--)
            if (text[at - 1] == '\n' && text[at] != '\n') return at;
        return char.IsHighSurrogate(text[most - 1]) && char.IsLowSurrogate(text[most]) ? most - 1 : most;
    }
}
