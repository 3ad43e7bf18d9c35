using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Normalization;

/// <summary>A normalizer that looks at one character at a time.</summary>
internal abstract class CharacterNormalizer : Normalizer
{
    public sealed override void Normalize(TextBuffer text)
    {
        var start = FirstChange(text.Text);
        if (start < 0) return;
        var length = text.Length;
        text.Begin();
        text.Copy(0, start);
        for (var at = start; at < length;)
        {
            var size = Characters.UnitsAt(text.Text, at);
            Append(text, Characters.RuneAt(text.Text, at), at, at + size);
            at += size;
        }

        text.Commit();
    }

    /// <summary>Where the first character stands that may change; −1 where there is none.</summary>
    protected abstract int FirstChange(ReadOnlySpan<char> text);

    protected abstract void Append(TextBuffer text, Rune rune, int from, int to);
}

/// <summary>Lower case, character by character, without regard to the language or to the end of a word.</summary>
internal sealed class LowercaseNormalizer : CharacterNormalizer
{
    public static void AppendLower(TextBuffer text, Rune rune, int from, int to)
    {
        if (rune.Value == 0x130) text.Append("i\u0307", from, to); // the one character with two in lower case
        else text.Append(Rune.ToLowerInvariant(rune), from, to);
    }

    protected override int FirstChange(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
            if (!char.IsAscii(text[at]) || char.IsAsciiLetterUpper(text[at])) return at - (char.IsLowSurrogate(text[at]) ? 1 : 0);
        return -1;
    }

    protected override void Append(TextBuffer text, Rune rune, int from, int to) => AppendLower(text, rune, from, to);
}

/// <summary>Without marks.</summary>
internal sealed class StripAccentsNormalizer : CharacterNormalizer
{
    protected override int FirstChange(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyExceptInRange('\0', '\u02FF');
        return at;
    }

    protected override void Append(TextBuffer text, Rune rune, int from, int to)
    {
        if (!Characters.IsMark(rune)) text.Append(rune, from, to);
    }
}

/// <summary>Without control characters, all white space one space.</summary>
/// <remarks>As <c>Nmt</c> in the <c>tokenizers</c> library, which takes it from SentencePiece's rules.</remarks>
internal sealed class NmtNormalizer : CharacterNormalizer
{
    protected override int FirstChange(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange(' ', '~');

    protected override void Append(TextBuffer text, Rune rune, int from, int to)
    {
        if (rune.Value is (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F) return;
        var isSpace = rune.Value is 9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
        text.Append(isSpace ? new Rune(' ') : rune, from, to);
    }
}
