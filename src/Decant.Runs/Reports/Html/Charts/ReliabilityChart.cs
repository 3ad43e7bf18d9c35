using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>Accuracy against confidence: bars on the diagonal mean that the model knows what it knows.</summary>
internal static class ReliabilityChart
{
    /// <summary>The upper end of the y axis: above 100 % there is room for the counts.</summary>
    private const double Top = 1.18;

    public static Markup Of(ArmView arm)
    {
        var bins = Pooled(arm.Tests);
        var total = bins.Sum(b => (long)b.Count);
        if (total == 0)
            return Markup.Empty;
        var (x, y) = (Scale.Fixed(0, 1, 0, 0.5, 1), Scale.Fixed(0, Top, 0, 0.5, 1));
        var error = arm.Metric("ece");
        var most = bins.Max(b => b.Count);
        return new Plot
        {
            Title = arm.Title,
            Class = "square",
            X = x,
            Y = y,
            XLabel = v => Words.Percent(v, 0),
            YLabel = v => Words.Percent(v, 0),
            XTitle = "confidence",
            Caption = error is null ? Markup.Empty : Markup.Of($"Calibration error {Words.Percent(error.Mean)}"),
            Content = Markup.Of($"""{bins.Select(b => Bar(arm.Name, b, total))}<path class="diagonal" d="M0 100L100 {100 - 100 / Top}"/>{bins.Select(b => Histogram(b, most))}"""),
        }.ToMarkup();
    }

    private static Markup Bar(string arm, ReliabilityBin bin, long total)
    {
        if (bin.Count == 0)
            return Markup.Empty;
        var (left, width, height) = (100 * bin.Low + 0.4, 100 * (bin.High - bin.Low) - 0.8, 100 * bin.Accuracy / Top);
        var title = $"confidence {Words.Percent(bin.Confidence)}, right {Words.Percent(bin.Accuracy)}, {Words.Count(bin.Count)} samples";
        // A bin with few samples says little: it is drawn faint.
        var weak = bin.Count * 200L < total ? "weak" : "";
        return Markup.Of($"""<rect class="bar {ArmStyle.Class(arm)} {weak}" x="{left}" y="{100 - height}" width="{width}" height="{height}"><title>{title}</title></rect>""");
    }

    /// <summary>How many samples the bin has, hanging from the upper edge.</summary>
    private static Markup Histogram(ReliabilityBin bin, int most) => bin.Count == 0
        ? Markup.Empty
        : Markup.Of($"""<rect class="count" x="{100 * bin.Low + 0.4}" y="0" width="{100 * (bin.High - bin.Low) - 0.8}" height="{Math.Max(0.6, 12.0 * bin.Count / most)}"/>""");

    /// <summary>The bins of all seeds together.</summary>
    private static ReliabilityBin[] Pooled(IReadOnlyList<Evaluated> tests)
    {
        var all = tests.Where(t => t.Calibration.Count > 0).ToArray();
        return all.Length == 0 ? [] : [.. all[0].Calibration.Select((bin, i) => Pool(bin, [.. all.Where(t => t.Calibration.Count > i).Select(t => t.Calibration[i])]))];
    }

    private static ReliabilityBin Pool(ReliabilityBin shape, ReliabilityBin[] bins)
    {
        var count = bins.Sum(b => b.Count);
        return count == 0
            ? shape with { Count = 0 }
            : shape with { Count = count, Confidence = bins.Sum(b => b.Count * b.Confidence) / count, Accuracy = bins.Sum(b => b.Count * b.Accuracy) / count };
    }
}
