using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>A line of a chart: one arm, one seed.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Points">(x, y) with x ascending.</param>
internal sealed record Series(string Arm, long Seed, IReadOnlyList<(double X, double Y)> Points)
{
    private const int MaximumPoints = 160;

    /// <summary>One metric on the validation split, over epochs.</summary>
    public static IEnumerable<Series> OfMetric(ArmView? arm, string metric) => PerSeed(
        arm, arm?.Validations.Where(v => v.Metrics.ContainsKey(metric)).Select(v => (v.Seed, X: XOf(arm, v.Epoch, v.Step), Y: v.Metrics[metric])));

    /// <summary>The training loss, over epochs.</summary>
    public static IEnumerable<Series> OfLoss(ArmView? arm) => PerSeed(arm, arm?.Steps.Select(s => (s.Seed, X: XOf(arm, s.Epoch, s.Step), Y: s.Loss)));

    /// <summary>Something that changes over the training, over epochs.</summary>
    public static IEnumerable<Series> OfSetting(ArmView? arm, string name) => PerSeed(
        arm, arm?.Steps.Where(s => s.Settings.ContainsKey(name)).Select(s => (s.Seed, X: XOf(arm, s.Epoch, s.Step), Y: s.Settings[name])));

    /// <summary>Epochs by the steps taken: what a trainer calls the epoch may only change when the next one begins.</summary>
    private static double XOf(ArmView arm, double epoch, long step) =>
        arm.Length is { Steps: > 0, Epochs: > 0 } length ? (double)step * length.Epochs / length.Steps : epoch > 0 ? epoch : step;

    private static IEnumerable<Series> PerSeed(ArmView? arm, IEnumerable<(long Seed, double X, double Y)>? points) =>
        arm is null || points is null
            ? []
            : points.Where(p => double.IsFinite(p.Y)).GroupBy(p => p.Seed).OrderBy(g => g.Key)
                .Select(g => new Series(arm.Name, g.Key, Thinned([.. g.Select(p => (p.X, p.Y))])));

    /// <summary>Means of neighbours, so that a long run draws as fast as a short one and its noise does not hide its trend.</summary>
    private static (double X, double Y)[] Thinned((double X, double Y)[] points)
    {
        if (points.Length <= MaximumPoints)
            return points;
        var size = (points.Length + MaximumPoints - 1) / MaximumPoints;
        return [.. points.Chunk(size).Select(c => (c.Average(p => p.X), c.Average(p => p.Y)))];
    }
}
