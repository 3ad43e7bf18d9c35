using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Decant.Files;

/// <summary>Guesses the encoding of a text by its first bytes.</summary>
internal static class EncodingGuess
{
    private const double Most = 0.9; // the share that decides
    private const int FewestZeros = 50; // of UTF-16 with other letters at least every 50th byte is zero, for spaces and line breaks

    /// <summary>
    /// The name of the encoding, as the key <c>encoding</c> takes it: <c>utf-8</c>; <c>utf-16</c> or <c>utf-32</c> by a byte-order mark; <c>utf-16le</c> or
    /// <c>utf-16be</c> by zero bytes on one side of the characters; <c>gb18030</c> where bytes above 127 come in pairs that are Chinese; else <c>windows-1252</c>, in
    /// which everything can be read. Null: it is no text.
    /// </summary>
    /// <param name="head">The first bytes of the file; a character that is cut at the end does not matter.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF])) return "utf-32";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return "utf-16";
        var zeros = head.Count((byte)0);
        // What is UTF-8 too is all Latin, so that in UTF-16 nearly every other byte of it is zero.
        if (Utf8.IsValid(WithoutCutEnd(head))) return zeros >= Most * head.Length && zeros > 0 ? null : zeros > 0 && zeros * 5 >= head.Length * 2 && Wide(head) is { } latin ? latin : "utf-8";
        if (zeros > 0) return zeros * FewestZeros >= head.Length ? Wide(head) : null;
        return IsChinese(head) ? "gb18030" : "windows-1252";
    }

    /// <summary>A text as its encoding has it, what is wrong with it replaced; for looking at it only.</summary>
    /// <param name="head">The first bytes of the file.</param>
    /// <param name="encoding">As <see cref="Of"/> names it.</param>
    public static string Decode(ReadOnlySpan<byte> head, string encoding)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) encoding = "utf-16be";
        return (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetString(head).TrimStart('\uFEFF');
    }

    /// <summary>UTF-16 without a mark: the zero bytes of its spaces, line breaks and Latin letters all stand on one side.</summary>
    private static string? Wide(ReadOnlySpan<byte> head)
    {
        int[] zeros = [0, 0];
        for (var i = 0; i < head.Length; i++)
            if (head[i] == 0) zeros[i & 1]++;
        var isLittle = zeros[1] >= Most * (zeros[0] + zeros[1]);
        if (!isLittle && zeros[0] < Most * (zeros[0] + zeros[1])) return null;
        // Of text nearly all units are letters, digits, punctuation and white space; of numbers in binary they are anything.
        var text = (isLittle ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(head[..(head.Length & ~1)]);
        return text.Count(IsOfText) >= 0.99 * text.Length ? isLittle ? "utf-16le" : "utf-16be" : null;
    }

    private static bool IsOfText(char c) => c is '\n' or '\r' or '\t' or '\uFEFF'
        || (c != '\uFFFD' && !char.IsControl(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse));

    /// <summary>Letters with accents stand alone among Latin ones; Chinese characters are pairs of bytes above 127.</summary>
    private static bool IsChinese(ReadOnlySpan<byte> head)
    {
        var (paired, high) = (0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] < 0x80) continue;
            high++;
            if (i + 1 >= head.Length || head[i + 1] < 0x80) continue;
            (paired, high) = (paired + 2, high + 1);
            i++;
        }

        if (paired < Most * high) return false;
        var others = Decode(head, "gb18030").Where(c => c >= 0x80).ToArray();
        return others.Count(c => c is >= '\u4E00' and <= '\u9FFF' or >= '\u3000' and <= '\u303F' or >= '\uFF00' and <= '\uFFEF' or >= '\u2010' and <= '\u2030') >= Most * others.Length;
    }

    private static ReadOnlySpan<byte> WithoutCutEnd(ReadOnlySpan<byte> head)
    {
        for (var back = 1; back <= Math.Min(3, head.Length); back++)
        {
            var lead = head[^back];
            if (lead >= 0xC0) return head[..^back];
            if (lead < 0x80) break;
        }

        return head;
    }
}
