using System.Globalization;
using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>The expressions that the byte-level tokenizers in use cut by.</summary>
internal sealed record WordPattern(string Expression, bool IsGpt2, int MaxDigits)
{
    public static WordPattern Gpt2 { get; } = new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", true, int.MaxValue);

    /// <summary>Of Llama 3 and of OpenAI's cl100k.</summary>
    public static WordPattern Llama3 { get; } = new(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", false, 3);

    /// <summary>Of Qwen 2 and 3.</summary>
    public static WordPattern Qwen2 { get; } = new(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", false, 1);

    public static IReadOnlyList<WordPattern> All { get; } = [Gpt2, Llama3, Qwen2];
}

/// <summary>Finds by hand what the expressions find; a test holds the two equal.</summary>
internal sealed class WordSplitter(WordPattern pattern) : Cutter
{
    private const byte Other = 0;
    private const byte Letter = 1;
    private const byte Number = 2;
    private const byte Space = 3;
    private const byte Break = 4; // a line feed or carriage return, which is white space
    private const byte Half = 5;
    private static readonly byte[] s_kinds = Kinds();

    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = pattern.IsGpt2 ? EndOfGpt2Word(text, start) : EndOfWord(text, start);
            pieces.Add(offset + start, end - start);
            start = end;
        }
    }

    private static int EndOfGpt2Word(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..], ignoresCase: false) is var length and > 0) return start + 1 + length;
        var kind = KindAt(text, start, out _);
        if (kind < Space) return EndOfRun(text, start, kind);
        if (text[start] == ' ' && start + 1 < text.Length && KindAt(text, start + 1, out _) is var next and < Space) return EndOfRun(text, start + 1, next);
        return EndOfSpaces(text, start);
    }

    private int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..], ignoresCase: true) is var length and > 0) return start + 1 + length;
        var kind = KindAt(text, start, out var size);
        if (kind == Letter) return EndOfRun(text, start, Letter);
        if (kind is Other or Space && start + size < text.Length && KindAt(text, start + size, out _) == Letter) return EndOfRun(text, start + size, Letter);
        if (kind == Number) return EndOfDigits(text, start);
        var symbols = kind == Other ? start : text[start] == ' ' && start + 1 < text.Length && KindAt(text, start + 1, out _) == Other ? start + 1 : -1;
        if (symbols >= 0)
        {
            var end = EndOfRun(text, symbols, Other);
            while (end < text.Length && text[end] is '\r' or '\n') end++;
            return end;
        }

        return EndOfBreaks(text, start) is var broken and > 0 ? broken : EndOfSpaces(text, start);
    }

    private int EndOfDigits(ReadOnlySpan<char> text, int start)
    {
        for (var count = 0; count < pattern.MaxDigits && start < text.Length && KindAt(text, start, out var size) == Number; count++) start += size;
        return start;
    }

    /// <summary>White space up to its last line break; 0 where it has none.</summary>
    private static int EndOfBreaks(ReadOnlySpan<char> text, int start)
    {
        var end = 0;
        for (; start < text.Length && s_kinds[text[start]] is Space or Break; start++)
            if (s_kinds[text[start]] == Break) end = start + 1;
        return end;
    }

    /// <summary>White space: all of it at the end of the text, otherwise without its last character, which belongs to (or stands before) the next word.</summary>
    private static int EndOfSpaces(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && s_kinds[text[end]] is Space or Break) end++;
        return end == text.Length || end == start + 1 ? end : end - 1; // white space is never a surrogate pair
    }

    private static int ContractionLength(ReadOnlySpan<char> rest, bool ignoresCase)
    {
        if (rest.Length == 0) return 0;
        var first = Folded(rest[0], ignoresCase);
        if (first is 's' or 't' or 'm' or 'd') return 1;
        return rest.Length > 1 && (first, Folded(rest[1], ignoresCase)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 2 : 0;
    }

    private static char Folded(char c, bool ignoresCase) => ignoresCase ? c == '\u017F' ? 's' : char.IsAscii(c) ? char.ToLowerInvariant(c) : c : c;

    private static int EndOfRun(ReadOnlySpan<char> text, int start, byte kind)
    {
        while (start < text.Length)
        {
            var found = s_kinds[text[start]];
            var size = 1;
            if (found == Half) found = KindAt(text, start, out size);
            if (found != kind) break;
            start += size;
        }

        return start;
    }

    private static byte KindAt(ReadOnlySpan<char> text, int at, out int size)
    {
        size = 1;
        var kind = s_kinds[text[at]];
        if (kind != Half) return kind;
        size = Characters.UnitsAt(text, at);
        return KindOf(Characters.RuneAt(text, at));
    }

    private static byte KindOf(Rune rune) => rune.Value is '\r' or '\n' ? Break : Rune.IsWhiteSpace(rune) ? Space : Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        _ => Other,
    };

    private static byte[] Kinds()
    {
        var kinds = new byte[0x10000];
        for (var c = 0; c < kinds.Length; c++) kinds[c] = char.IsSurrogate((char)c) ? Half : KindOf(new Rune(c));
        return kinds;
    }
}
