namespace Decant.Runs.Reports.View;

/// <summary>One figure, measured once or once per seed.</summary>
/// <param name="Mean">The mean over the seeds.</param>
/// <param name="Spread">The standard deviation over the seeds (S − 1 in the denominator); null with one.</param>
/// <param name="Values">The value of each seed.</param>
public sealed record Figure(double Mean, double? Spread, IReadOnlyList<double> Values)
{
    /// <summary>The mean and spread of values, at least one.</summary>
    public static Figure Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.Average();
        double? spread = values.Count < 2 ? null : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return new Figure(mean, spread, values);
    }
}
