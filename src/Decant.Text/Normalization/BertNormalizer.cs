using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Normalization;

/// <summary>BERT's normalisation: no control characters, one kind of space, Chinese characters set apart, and, uncased, no accents and lower case.</summary>
/// <remarks>Source: Devlin et al. 2019, <c>tokenization.py</c>; the same steps as <c>BertNormalizer</c> in tokenizer.json.</remarks>
internal sealed class BertNormalizer : Normalizer
{
    private const char Removed = '\uFFFF';
    private readonly bool _cleanText;
    private readonly bool _handleChinese;
    private readonly bool _stripAccents;
    private readonly bool _lowerCase;
    private readonly char[] _ascii = new char[128];

    public BertNormalizer(bool cleanText, bool handleChinese, bool stripAccents, bool lowerCase)
    {
        (_cleanText, _handleChinese, _stripAccents, _lowerCase) = (cleanText, handleChinese, stripAccents, lowerCase);
        for (var c = '\0'; c < 128; c++)
            _ascii[c] = cleanText && c is '\t' or '\n' or '\r' ? ' ' : cleanText && char.IsControl(c) ? Removed : lowerCase ? char.ToLowerInvariant(c) : c;
        if (!cleanText) return;
        foreach (var c in "\t\n\r") _ascii[c] = ' ';
    }

    public override void Normalize(TextBuffer text)
    {
        var length = text.Length;
        var parts = new List<int>();
        text.Begin();
        for (var at = 0; at < length;)
        {
            var c = text.Text[at];
            if (c < 128)
            {
                if (_ascii[c] != Removed) text.Append(_ascii[c], at);
                at++;
                continue;
            }

            var size = Characters.UnitsAt(text.Text, at);
            AppendWide(text, Characters.RuneAt(text.Text, at), at, at + size, parts);
            at += size;
        }

        text.Commit();
    }

    private void AppendWide(TextBuffer text, Rune rune, int from, int to, List<int> parts)
    {
        if (_handleChinese && Characters.IsChinese(rune))
        {
            text.Append(' ', from, to);
            AppendFolded(text, rune, from, to, parts);
            text.Append(' ', from, to);
        }
        else if (_cleanText && (rune.Value is 0xFFFD || Characters.IsControl(rune))) return;
        else if (_cleanText && Rune.IsWhiteSpace(rune)) text.Append(' ', from, to);
        else AppendFolded(text, rune, from, to, parts);
    }

    private void AppendFolded(TextBuffer text, Rune rune, int from, int to, List<int> parts)
    {
        if (rune.Value is >= 0x4E00 and <= 0x9FFF || !_stripAccents)
        {
            AppendCased(text, rune, from, to);
            return;
        }

        // The order that NFD gives to marks does not matter where they are taken out.
        parts.Clear();
        Decompositions.Decompose(rune.Value, compatibility: false, parts);
        foreach (var part in parts)
            if (!Characters.IsNonSpacingMark(new Rune(part))) AppendCased(text, new Rune(part), from, to);
    }

    private void AppendCased(TextBuffer text, Rune rune, int from, int to)
    {
        if (_lowerCase) LowercaseNormalizer.AppendLower(text, rune, from, to);
        else text.Append(rune, from, to);
    }
}
