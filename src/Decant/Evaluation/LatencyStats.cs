namespace Decant.Evaluation;

/// <summary>How long one call takes, in milliseconds, over many calls.</summary>
/// <param name="Count">How many calls were timed.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">Nine of ten calls are no slower.</param>
/// <param name="P95">Nineteen of twenty calls are no slower.</param>
/// <param name="P99">Ninety-nine of a hundred calls are no slower.</param>
/// <param name="Min">The fastest call: what the machine can do when nothing disturbs it.</param>
internal sealed record LatencyStats(int Count, double P50, double P90, double P95, double P99, double Min)
{
    /// <summary>Summarises timed calls; quantiles interpolate linearly between the two nearest values.</summary>
    /// <param name="milliseconds">At least one duration.</param>
    public static LatencyStats From(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds];
        if (sorted.Length == 0)
            throw new ArgumentException("No call was timed.", nameof(milliseconds));
        Array.Sort(sorted);
        return new LatencyStats(
            sorted.Length,
            Quantile.OfSorted(sorted, 0.50),
            Quantile.OfSorted(sorted, 0.90),
            Quantile.OfSorted(sorted, 0.95),
            Quantile.OfSorted(sorted, 0.99),
            sorted[0]);
    }
}
