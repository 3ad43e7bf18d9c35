using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Decant.Text;

/// <summary>GPT-2's words, their UTF-8 bytes written as visible characters.</summary>
/// <remarks>
/// The words are those of <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (Radford et al. 2019), found by hand:
/// .NET's regular expressions see halves of surrogate pairs, which are neither letters nor numbers.
/// </remarks>
internal sealed class ByteLevelPreTokenizer : IPreTokenizer
{
    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    public void Split(string text, List<string> words)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfWord(text, start);
            words.Add(ByteLevel.ToCharacters(text.AsSpan(start, end - start)));
            start = end;
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static int EndOfWord(string text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text.AsSpan(start + 1)) is var length and > 0) return start + 1 + length;
        var kind = KindAt(text, start, out var size);
        if (kind != Kind.Space) return EndOfRun(text, start, kind);
        if (text[start] == ' ' && start + 1 < text.Length && KindAt(text, start + 1, out _) is var next and not Kind.Space) return EndOfRun(text, start + 1, next);

        // White space: all of it at the end of the text, otherwise without its last character, which belongs to (or stands before) the next word.
        var end = EndOfRun(text, start, Kind.Space);
        return end == text.Length || end == start + size ? end : end - 1; // white space is never a surrogate pair
    }

    private static int ContractionLength(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r', 'e', ..] or ['v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static int EndOfRun(string text, int start, Kind kind)
    {
        while (start < text.Length && KindAt(text, start, out var size) == kind) start += size;
        return start;
    }

    private static Kind KindAt(string text, int at, out int size)
    {
        var c = text[at];
        size = 1;
        if (char.IsAscii(c)) return char.IsAsciiLetter(c) ? Kind.Letter : char.IsAsciiDigit(c) ? Kind.Number : char.IsWhiteSpace(c) ? Kind.Space : Kind.Other;
        if (!Rune.TryGetRuneAt(text, at, out var rune)) return Kind.Other;
        size = rune.Utf16SequenceLength;
        if (Rune.IsWhiteSpace(rune)) return Kind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}

/// <summary>GPT-2's writing of bytes as visible characters: 33–126, 161–172 and 174–255 as themselves, the other 68 from 256 on.</summary>
internal static class ByteLevel
{
    private static readonly char[] s_characters = MakeCharacters();
    private static readonly Dictionary<char, byte> s_bytes = s_characters.Select((c, i) => (c, i)).ToDictionary(pair => pair.c, pair => (byte)pair.i);

    /// <summary>The 256 characters, in their own order.</summary>
    public static IEnumerable<string> Alphabet => s_characters.Order().Select(c => c.ToString());

    public static string ToCharacters(ReadOnlySpan<char> text)
    {
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= 512 ? stackalloc byte[512] : new byte[Encoding.UTF8.GetByteCount(text)];
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        return string.Create(bytes.Length, bytes, (characters, source) =>
        {
            for (var i = 0; i < characters.Length; i++) characters[i] = s_characters[source[i]];
        });
    }

    /// <summary>The text of such characters; bytes that are no UTF-8 (half a character) become U+FFFD.</summary>
    public static string ToText(string characters)
    {
        var bytes = new byte[characters.Length];
        var count = 0;
        foreach (var c in characters)
            if (s_bytes.TryGetValue(c, out var value)) bytes[count++] = value;
        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++) characters[i] = i is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)i : (char)next++;
        return characters;
    }
}
