namespace Decant.Export.Onnx.Symbolic;

/// <summary>Finds the formula of a number that was seen in recordings of several sizes.</summary>
/// <remarks>
/// Tried are, in this order: a constant; one product of sizes, times a number, plus a number; two products. What fits must fit every recording, and there are more of them
/// than unknowns, with sizes that have no factor in common: a formula that fits by accident is as good as excluded.
/// </remarks>
/// <param name="recordings">The sizes of each recording by their names; five or more, the same names in each.</param>
internal sealed class SizeSolver(IReadOnlyList<IReadOnlyDictionary<string, long>> recordings)
{
    private readonly (string[] Symbols, long[] Values)[] _products = [.. Products([.. recordings[0].Keys.Order(StringComparer.Ordinal)])
        .Select(symbols => (symbols, recordings.Select(sizes => symbols.Aggregate(1L, (product, symbol) => product * sizes[symbol])).ToArray()))];

    /// <summary>The formula; null: none of those tried fits.</summary>
    /// <param name="seen">The number in each recording.</param>
    public Size? Solve(params ReadOnlySpan<long> seen)
    {
        if (seen.IndexOfAnyExcept(seen[0]) < 0)
            return seen[0];
        foreach (var (symbols, values) in _products)
        {
            if (One(seen, values) is var (factor, rest))
                return Size.Of((symbols, factor), ([], rest));
        }

        for (var i = 0; i < _products.Length; i++)
        {
            for (var j = i + 1; j < _products.Length; j++)
            {
                if (Two(seen, _products[i].Values, _products[j].Values) is var (first, second, rest))
                    return Size.Of((_products[i].Symbols, first), (_products[j].Symbols, second), ([], rest));
            }
        }

        return null;
    }

    // Products of one, two or three different sizes.
    private static IEnumerable<string[]> Products(string[] symbols) => Enumerable.Range(1, (1 << symbols.Length) - 1)
        .Select(bits => symbols.Where((_, i) => (bits >> i & 1) == 1).ToArray())
        .Where(chosen => chosen.Length <= 3)
        .OrderBy(chosen => chosen.Length);

    private static (long Factor, long Constant)? One(ReadOnlySpan<long> seen, long[] values)
    {
        var other = Array.FindIndex(values, v => v != values[0]);
        if (other < 0 || (seen[other] - seen[0]) % (values[other] - values[0]) != 0)
            return null;
        var factor = (seen[other] - seen[0]) / (values[other] - values[0]);
        var rest = seen[0] - (factor * values[0]);
        for (var r = 0; r < seen.Length; r++)
        {
            if (seen[r] != (factor * values[r]) + rest)
                return null;
        }

        return factor == 0 ? null : (factor, rest);
    }

    // Differences from the first recording leave two unknowns; two recordings with a determinant give them.
    private static (long First, long Second, long Constant)? Two(ReadOnlySpan<long> seen, long[] left, long[] right)
    {
        for (var r = 1; r < seen.Length; r++)
        {
            for (var s = r + 1; s < seen.Length; s++)
            {
                var (a, b, c, d) = (left[r] - left[0], right[r] - right[0], left[s] - left[0], right[s] - right[0]);
                var determinant = (a * d) - (b * c);
                if (determinant == 0)
                    continue;
                var (x, y) = (seen[r] - seen[0], seen[s] - seen[0]);
                var (first, second) = ((x * d) - (b * y), (a * y) - (x * c));
                if (first % determinant != 0 || second % determinant != 0)
                    return null;
                (first, second) = (first / determinant, second / determinant);
                var rest = seen[0] - (first * left[0]) - (second * right[0]);
                for (var t = 0; t < seen.Length; t++)
                {
                    if (seen[t] != (first * left[t]) + (second * right[t]) + rest)
                        return null;
                }

                return (first, second, rest);
            }
        }

        return null;
    }
}
