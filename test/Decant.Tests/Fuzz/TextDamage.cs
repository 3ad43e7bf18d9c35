namespace Decant.Tests.Fuzz;

/// <summary>Changes of text in rows: delimiters, quotes, line breaks, byte-order marks, bytes of other encodings, long fields, rows that come twice.</summary>
internal static class TextDamage
{
    private static readonly byte[][] s_pieces =
    [
        .. new[] { ",", "\t", ";", "\"", "\"\"", "'", "\n", "\r", "\r\n", "\n\n", " ", "  ", "\0", "\\", "label", "text", "-DOCSTART- -X- O O", "B-PER", "I-LOC", "O", "-1", "1e999", "NaN", "{", "[", "]", "}", "\u2028", "\uFEFF", "ﬁ", "👍" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE, 0, 0], [0xFF], [0xC3], [0x81], [0xED, 0xA0, 0x80], [0xD8, 0x00], [0x00, 0xD8], [0x84, 0x31, 0xA4, 0x37], [0x1B, 0x24, 0x42],
        [0x1F, 0x8B], "PAR1"u8.ToArray(), "RIFF"u8.ToArray(),
    ];

    public static byte[] Of(byte[] good, byte[] other, Random random)
    {
        var bytes = good.ToList();
        for (var n = random.Next(3) == 0 ? random.Next(2, 7) : 1; n > 0 && bytes.Count > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes = [.. ByteDamage.Of([.. bytes], other, random, 0, bytes.Count)];
                    break;
                case 1:
                    bytes.InsertRange(at, Enumerable.Repeat(s_pieces[random.Next(s_pieces.Length)], random.Next(10) == 0 ? 3000 : 1).SelectMany(p => p));
                    break;
                case 2:
                    var line = Math.Max(0, bytes.LastIndexOf((byte)'\n', at));
                    bytes.InsertRange(line, bytes.GetRange(line, at - line));
                    break;
                case 3:
                    bytes.InsertRange(0, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
