using System.Text;
using Decant.Text.Patterns;
using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>Cuts at characters of a kind.</summary>
internal sealed class CharacterCutter(Func<Rune, bool> matches, SplitBehavior behavior) : Cutter
{
    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var parts = new List<(int Start, int Length, bool IsMatch)>();
        var open = 0;
        for (var at = 0; at < text.Length;)
        {
            var size = Characters.UnitsAt(text, at);
            if (matches(Characters.RuneAt(text, at)))
            {
                if (at > open) parts.Add((open, at - open, false));
                parts.Add((at, size, true));
                open = at + size;
            }

            at += size;
        }

        if (open < text.Length) parts.Add((open, text.Length - open, false));
        foreach (var (start, length) in SplitParts.Arrange(parts, behavior)) pieces.Add(offset + start, length);
    }
}

/// <summary>Cuts at white space, which goes, and makes every punctuation character a word.</summary>
internal sealed class BertPreTokenizer : Cutter
{
    private const byte Inside = 0;
    private const byte Space = 1;
    private const byte Punctuation = 2;
    private static readonly byte[] s_classes = Classes();

    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var kind = s_classes[text[at]];
            if (kind == Inside) continue;
            var size = 1;
            if (kind > Punctuation)
            {
                size = Characters.UnitsAt(text, at);
                kind = Characters.IsPunctuation(Characters.RuneAt(text, at)) ? Punctuation : Inside;
            }

            if (kind != Inside)
            {
                pieces.Add(offset + start, at - start);
                start = at + size;
                if (kind == Punctuation) pieces.Add(offset + at, size);
            }

            at += size - 1;
        }

        pieces.Add(offset + start, text.Length - start);
    }

    /// <summary>By UTF-16 unit; 3 for halves of pairs, which are looked up whole.</summary>
    private static byte[] Classes()
    {
        var classes = new byte[0x10000];
        for (var c = 0; c < classes.Length; c++)
            classes[c] = char.IsSurrogate((char)c) ? (byte)3 : char.IsWhiteSpace((char)c) ? Space : Characters.IsPunctuation(new Rune(c)) ? Punctuation : Inside;
        return classes;
    }
}

/// <summary>Runs of word characters and runs of what is neither word nor white space: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WhitespacePreTokenizer : Cutter
{
    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var (start, last) = (0, 0);
        for (var at = 0; at < text.Length;)
        {
            var rune = Characters.RuneAt(text, at);
            var kind = Characters.IsWord(rune) ? 1 : Rune.IsWhiteSpace(rune) ? 0 : 2;
            if (kind != last)
            {
                if (last != 0) pieces.Add(offset + start, at - start);
                (start, last) = (at, kind);
            }

            at += Characters.UnitsAt(text, at);
        }

        if (last != 0) pieces.Add(offset + start, text.Length - start);
    }
}

/// <summary>Cuts where the script changes; spaces belong to either side, kana to Chinese.</summary>
internal sealed class UnicodeScriptsPreTokenizer : Cutter
{
    private const string Any = "";

    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var (start, last) = (0, (string?)null);
        for (var at = 0; at < text.Length;)
        {
            var rune = Characters.RuneAt(text, at);
            var script = ScriptOf(rune);
            if (script != Any && last is not (Any or null) && last != script)
            {
                pieces.Add(offset + start, at - start);
                start = at;
            }

            if (script != Any) last = script;
            at += rune.Utf16SequenceLength;
        }

        pieces.Add(offset + start, text.Length - start);
    }

    private static string ScriptOf(Rune rune)
    {
        if (rune.Value == 0x30FC) return "Han";
        if (rune.Value == ' ') return Any;
        var name = Scripts.NameOf(rune);
        return name is "Hiragana" or "Katakana" ? "Han" : name;
    }
}

/// <summary>Parts of as many characters each.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : Cutter
{
    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var (start, count) = (0, 0);
        for (var at = 0; at < text.Length; at += Characters.UnitsAt(text, at))
        {
            if (count++ < length) continue;
            pieces.Add(offset + start, at - start);
            (start, count) = (at, 1);
        }

        pieces.Add(offset + start, text.Length - start);
    }
}
