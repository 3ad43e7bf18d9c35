using System.Text;

namespace Decant.Tests.Text;

/// <summary>Text that tokenizers get wrong: scripts without spaces, marks, emoji sequences, control characters, runs of spaces, halves of pairs.</summary>
internal static class HardTexts
{
    private static readonly string[] s_pieces =
    [
        "the", "Hello", "internationalization", "'s", "'LL", "n't", "'ſ", "...", "--", "—", "€", "½", "Ⅷ", "𝟙", "𝐀", "𠀀", "123", "45678", "foo_bar", "http://a.b/c?d=e",
        "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "1️⃣", " ", "  ", "        ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "▁", "##ing", "<s>", "</s>", "[CLS]", "[MASK]", "<|endoftext|>", "<unk>", "<0x41>", "İ", "ẞ", "ﬃ", "한국어",
    ];

    private static readonly (int First, int Last)[] s_ranges =
        [(0x20, 0x7E), (0x20, 0x7E), (0, 0x1F), (0x7F, 0x9F), (0xC0, 0x24F), (0x300, 0x36F), (0x370, 0x4FF), (0x5D0, 0x5EA), (0x620, 0x64A), (0x905, 0x939), (0xE01, 0xE3A), (0x3041, 0x30FE), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0x1F600, 0x1F64F), (0x20000, 0x2A6D0)];

    /// <summary>The same texts every time.</summary>
    public static IEnumerable<string> Some(int count, bool halves = false, int seed = 7)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            var (first, second) = (random.Next(s_ranges.Length), random.Next(s_ranges.Length));
            for (var n = random.Next(1, 30); n > 0; n--)
            {
                var (low, high) = s_ranges[random.Next(2) == 0 ? first : second];
                if (random.Next(4) == 0) text.Append(s_pieces[random.Next(s_pieces.Length)]);
                else if (halves && random.Next(8) == 0) text.Append((char)random.Next(0xD800, 0xE000));
                else text.Append(new Rune(random.Next(low, high + 1)));
                if (random.Next(5) == 0) text.Append(' ');
            }

            yield return text.ToString();
        }
    }

    public static void ForEachCharacter(this Span<char> characters, Func<int, char> make)
    {
        for (var i = 0; i < characters.Length; i++) characters[i] = make(i);
    }
}
