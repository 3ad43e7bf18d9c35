using System.Text;
using Decant.Text.Unicode;

namespace Decant.Text.Patterns;

/// <summary>The scripts of characters (UAX 24).</summary>
internal static partial class Scripts
{
    private static readonly Lazy<(Dictionary<string, List<(int First, int Last)>> ByName, (int First, int Last, string Name)[] Sorted)> s_scripts = new(Read);

    /// <summary>The script of a character, such as <c>Latin</c>, <c>Common</c>; <c>Unknown</c> where it has none.</summary>
    public static string NameOf(Rune rune)
    {
        var sorted = s_scripts.Value.Sorted;
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rune.Value < sorted[middle].First) high = middle - 1;
            else if (rune.Value > sorted[middle].Last) low = middle + 1;
            else return sorted[middle].Name;
        }

        return "Unknown";
    }

    /// <summary>The runs of a script's characters; none where there is no such script.</summary>
    public static IReadOnlyList<(int First, int Last)> RangesOf(string name) => s_scripts.Value.ByName.TryGetValue(name, out var ranges) ? ranges : [];

    private static (Dictionary<string, List<(int, int)>>, (int, int, string)[]) Read()
    {
        var byName = new Dictionary<string, List<(int First, int Last)>>(StringComparer.OrdinalIgnoreCase);
        for (var start = 0; start < Table.Length;)
        {
            var tab = Table.IndexOf('\t', start);
            var name = Table[start..tab];
            var ranges = new List<(int, int)>();
            var at = tab + 1;
            while (at < Table.Length && Table[at] != '\n' || ranges.Count == 0)
            {
                var first = Characters.RuneAt(Table, at);
                var last = Characters.RuneAt(Table, at + first.Utf16SequenceLength);
                ranges.Add((first.Value, last.Value));
                at += first.Utf16SequenceLength + last.Utf16SequenceLength;
            }

            byName[name] = ranges;
            start = at + 1;
        }

        return (byName, [.. byName.SelectMany(pair => pair.Value.Select(range => (range.First, range.Last, pair.Key))).OrderBy(range => range.First)]);
    }
}
