namespace Decant.Evaluation;

/// <summary>Quantiles by linear interpolation between the two nearest values (numpy's default, Hyndman and Fan's type 7).</summary>
internal static class Quantile
{
    public static double OfSorted(ReadOnlySpan<double> sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
