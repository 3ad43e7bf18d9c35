using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Charts;

/// <summary>What a regression answered against what was wanted: on the dotted line the two are the same.</summary>
internal static class ScatterChart
{
    public static Markup Of(RunView run)
    {
        var arms = run.Models.Select(m => (m.Name, Points: Points(m))).Where(a => a.Points.Length > 0).ToArray();
        if (arms.Length == 0)
            return Markup.Empty;
        // One scale for both axes and all arms, so that the pictures compare.
        var scale = Scale.Around(arms.SelectMany(a => a.Points).SelectMany(p => new[] { p.Target, p.Answer }), count: 4);
        return Markup.Of($"""
            <div class="calibration"><h3>Predictions against targets</h3><div class="three">{arms.Select(a => Chart(a.Name, a.Points, scale, run))}</div>
            <p class="fine">Each dot is a test sample, the same ones in every picture: the target from left to right, the answer from bottom to top. On the dotted line the two
            are the same; a cloud flatter than the line shies away from extremes.</p></div>

            """);
    }

    private static Markup Chart(string arm, ScatterPoint[] points, Scale scale, RunView run) => new Plot
    {
        Title = Words.Arm(arm),
        Class = "square",
        X = scale,
        Y = scale,
        XLabel = v => Words.Fixed(v, scale.Digits()),
        YLabel = v => Words.Fixed(v, scale.Digits()),
        XTitle = "target",
        Caption = run.Models.First(m => m.Name == arm).Metric("pearson") is { } r ? Markup.Of($"Pearson correlation {Words.Fixed(r.Mean, 3)}") : Markup.Empty,
        // A zero-length stroke with round caps is a dot that keeps its shape however the picture is stretched.
        Content = Markup.Of($"""<path class="diagonal" d="M0 100L100 0"/>{points.Select(p => Markup.Of($"""<path class="speck {ArmStyle.Class(arm)}" d="M{scale.At(p.Target)} {Plot.Down(scale.At(p.Answer))}h0.001"/>"""))}"""),
    }.ToMarkup();

    private static ScatterPoint[] Points(ArmView arm) =>
        [.. (arm.Tests.Select(t => t.Scatter).OfType<IReadOnlyList<ScatterPoint>>().FirstOrDefault() ?? []).Where(p => double.IsFinite(p.Target) && double.IsFinite(p.Answer))];
}
