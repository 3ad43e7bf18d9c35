using System.Collections.Frozen;

namespace Decant.Text.Normalization;

/// <summary>What characters decompose into and compose to (Unicode chapter 3.11 and 3.12).</summary>
/// <remarks>With tables of its own, since <see cref="string.Normalize()"/> leaves strings as they are in a program with invariant globalization.</remarks>
internal static partial class Decompositions
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private static readonly Lazy<(FrozenDictionary<int, int[]> Forms, FrozenDictionary<(int, int), int> Compositions)> s_canonical = new(ReadCanonical);
    private static readonly Lazy<FrozenDictionary<int, int[]>> s_compatible = new(() => ReadForms(Compatible));
    private static readonly Lazy<FrozenDictionary<int, byte>> s_classes = new(ReadClasses);

    /// <summary>The combining class: 0 for what stands by itself.</summary>
    public static int ClassOf(int code) => code < 0x300 ? 0 : s_classes.Value.GetValueOrDefault(code);

    /// <summary>Adds the full decomposition of a character.</summary>
    public static void Decompose(int code, bool compatibility, List<int> into)
    {
        if (code < 0xA0) into.Add(code);
        else if (code is >= HangulFirst and <= HangulLast) AddJamo(code - HangulFirst, into);
        else if (compatibility && s_compatible.Value.TryGetValue(code, out var full)) into.AddRange(full);
        else if (s_canonical.Value.Forms.TryGetValue(code, out var parts))
            foreach (var part in parts) Decompose(part, compatibility, into);
        else into.Add(code);
    }

    /// <summary>The one character of two, or −1.</summary>
    public static int Compose(int first, int second)
    {
        if (first is >= 0x1100 and < 0x1113 && second is >= 0x1161 and < 0x1176) return HangulFirst + ((((first - 0x1100) * 21) + second - 0x1161) * 28);
        if (first is >= HangulFirst and <= HangulLast && (first - HangulFirst) % 28 == 0 && second is > 0x11A7 and < 0x11C3) return first + second - 0x11A7;
        return s_canonical.Value.Compositions.TryGetValue((first, second), out var composed) ? composed : -1;
    }

    /// <summary>Syllable = (lead × 21 + vowel) × 28 + tail.</summary>
    private static void AddJamo(int syllable, List<int> into)
    {
        into.Add(0x1100 + (syllable / (21 * 28)));
        into.Add(0x1161 + (syllable / 28 % 21));
        if (syllable % 28 != 0) into.Add(0x11A7 + (syllable % 28));
    }

    private static (FrozenDictionary<int, int[]>, FrozenDictionary<(int, int), int>) ReadCanonical()
    {
        var forms = new Dictionary<int, int[]>();
        var compositions = new Dictionary<(int, int), int>();
        foreach (var (key, characters) in Rows(Canonical))
        {
            var isExcluded = key[0] == '!';
            var parts = Codes(isExcluded ? key[1..] : key);
            foreach (var code in Codes(characters))
            {
                forms[code] = parts;
                if (!isExcluded && parts.Length == 2) compositions[(parts[0], parts[1])] = code;
            }
        }

        return (forms.ToFrozenDictionary(), compositions.ToFrozenDictionary());
    }

    private static FrozenDictionary<int, int[]> ReadForms(string table) =>
        Rows(table).SelectMany(row => Codes(row.Characters).Select(code => (code, Parts: Codes(row.Key)))).ToFrozenDictionary(pair => pair.code, pair => pair.Parts);

    private static FrozenDictionary<int, byte> ReadClasses()
    {
        var classes = new Dictionary<int, byte>();
        foreach (var (key, characters) in Rows(Classes))
            foreach (var run in Codes(characters).Chunk(2))
                for (var code = run[0]; code <= run[1]; code++) classes[code] = (byte)key[0];
        return classes.ToFrozenDictionary();
    }

    // Keys may be a tab or a line feed themselves, so a row's tab is searched from its second character on.
    private static IEnumerable<(string Key, string Characters)> Rows(string table)
    {
        for (var start = 0; start < table.Length;)
        {
            var tab = table.IndexOf('\t', start + 1);
            var end = table.IndexOf('\n', tab);
            yield return (table[start..tab], table[(tab + 1)..end]);
            start = end + 1;
        }
    }

    private static int[] Codes(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];
}
