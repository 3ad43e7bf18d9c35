using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>GPT-2's writing of bytes as visible characters: 33–126, 161–172 and 174–255 as themselves, the other 68 from 256 on.</summary>
internal static class ByteLevel
{
    private static readonly char[] s_characters = MakeCharacters();
    private static readonly short[] s_bytes = MakeBytes();

    /// <summary>The 256 characters, in their own order.</summary>
    public static IEnumerable<string> Alphabet => s_characters.Order().Select(c => c.ToString());

    public static char Character(byte value) => s_characters[value];

    /// <summary>The byte of a character, or −1.</summary>
    public static int Byte(char c) => c < s_bytes.Length ? s_bytes[c] : -1;

    /// <summary>Adds the characters of one character's bytes; returns how many units that one has.</summary>
    public static int Append(TextBuffer text, int at)
    {
        Span<byte> bytes = stackalloc byte[4];
        var rune = Characters.RuneAt(text.Text, at);
        var size = rune.Utf16SequenceLength;
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) text.Append(s_characters[value], at, at + size);
        return size;
    }

    public static string ToCharacters(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, (characters, source) =>
        {
            for (var i = 0; i < characters.Length; i++) characters[i] = s_characters[source[i]];
        });
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++) characters[i] = i is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)i : (char)next++;
        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[512];
        Array.Fill(bytes, (short)-1);
        for (var i = 0; i < 256; i++) bytes[s_characters[i]] = (short)i;
        return bytes;
    }
}
