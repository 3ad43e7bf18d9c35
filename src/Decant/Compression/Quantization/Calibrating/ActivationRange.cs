namespace Decant.Compression.Quantization.Calibrating;

/// <summary>The range that an activation is rounded in; values outside are cut.</summary>
/// <param name="Least">Its lower end; not above 0.</param>
/// <param name="Most">Its upper end; not below 0.</param>
internal readonly record struct ActivationRange(float Least, float Most)
{
    /// <summary>The range of an activation.</summary>
    /// <param name="histogram">Its values.</param>
    /// <param name="method">How the range is chosen.</param>
    /// <param name="percentile">The percentage of values within, for <see cref="CalibrationMethod.Percentile"/>.</param>
    public static ActivationRange Of(ActivationHistogram histogram, CalibrationMethod method, double percentile) => method switch
    {
        CalibrationMethod.Percentile => Within(histogram, percentile),
        CalibrationMethod.Entropy => Cut(histogram, LeastDivergence.CutOf(histogram)),
        _ => new(histogram.Least, histogram.Most),
    };

    private static ActivationRange Within(ActivationHistogram histogram, double percentile)
    {
        var outside = histogram.Count * (100 - percentile) / 200;
        var width = 2 * histogram.Limit / ActivationHistogram.Bins;
        var (first, last) = (0, ActivationHistogram.Bins - 1);
        for (var sum = histogram.Counts[first]; sum <= outside && first < last; sum += histogram.Counts[first])
            first++;
        for (var sum = histogram.Counts[last]; sum <= outside && last > first; sum += histogram.Counts[last])
            last--;
        return new(
            Math.Min(0, Math.Max(histogram.Least, (float)((first * width) - histogram.Limit))),
            Math.Max(0, Math.Min(histogram.Most, (float)(((last + 1) * width) - histogram.Limit))));
    }

    private static ActivationRange Cut(ActivationHistogram histogram, double limit) =>
        new(Math.Max(histogram.Least, (float)-limit), Math.Min(histogram.Most, (float)limit));
}
