using Decant.Text.Patterns;

namespace Decant.Text.PreTokenization;

/// <summary>What becomes of the matches that a text is cut by.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Cuts by a pattern.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : Cutter
{
    protected override void Cut(ReadOnlySpan<char> text, int offset, Pieces pieces)
    {
        var parts = new List<(int Start, int Length, bool IsMatch)>();
        var at = 0;
        foreach (var (start, length) in pattern.Matches(text))
        {
            if (start > at) parts.Add((at, start - at, invert));
            parts.Add((start, length, !invert));
            at = start + length;
        }

        if (at < text.Length) parts.Add((at, text.Length - at, invert));
        foreach (var (start, length) in SplitParts.Arrange(parts, behavior)) pieces.Add(offset + start, length);
    }
}

/// <summary>Puts matches and what lies between them together.</summary>
internal static class SplitParts
{
    public static IEnumerable<(int Start, int Length)> Arrange(List<(int Start, int Length, bool IsMatch)> parts, SplitBehavior behavior)
    {
        var joined = new List<(int Start, int Length)>();
        var wasMatch = false;
        var backward = behavior == SplitBehavior.MergedWithNext;
        for (var n = 0; n < parts.Count; n++)
        {
            var (start, length, isMatch) = parts[backward ? parts.Count - 1 - n : n];
            var joins = joined.Count > 0 && behavior switch
            {
                SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => isMatch && !wasMatch,
                SplitBehavior.Contiguous => isMatch == wasMatch,
                _ => false,
            };
            wasMatch = isMatch;
            if (behavior == SplitBehavior.Removed && isMatch) continue;
            if (!joins) joined.Add((start, length));
            else joined[^1] = (Math.Min(start, joined[^1].Start), joined[^1].Length + length);
        }

        if (backward) joined.Reverse();
        return joined;
    }
}
