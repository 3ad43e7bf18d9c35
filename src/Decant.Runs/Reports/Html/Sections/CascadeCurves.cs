using System.Globalization;
using Decant.Inference.Cascades;
using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>The share that a student answers, against the risk of that and against the cost.</summary>
internal static class CascadeCurves
{
    public static Markup Of(CascadePolicy policy)
    {
        CascadeStep[] steps = [.. policy.Steps.Where(s => s.Accepted > 0)];
        if (steps.Length < 2)
            return Markup.Empty;
        var share = Scale.Fixed(0, 1, 0, 0.25, 0.5, 0.75, 1);
        // Bounds of a handful of rows are near 1 and would flatten everything else.
        var risk = Scale.Around([0, .. steps.Select(s => s.MeasuredRisk), policy.Level], floor: 0);
        var cost = Scale.Around([0, .. steps.Select(s => s.Cost)], floor: 0);
        return Markup.Of($"""
            <div class="charts">{Plot("Risk", share, risk, true, Markup.Of($"{Line(steps, s => s.Bound, Arms.Teacher, risk)}{Line(steps, s => s.MeasuredRisk, Arms.Student, risk)}{Level(policy, risk)}{Chosen(policy, risk)}"),
                Markup.Of($"Share of wrong answers among those that the student gives: measured (the student's colour), and its upper bound at a confidence of {Percent(policy.Confidence)} (the teacher's). Flat: the level asked for, {Percent(policy.Level)}; upright: what was chosen."))}
            {Plot("Cost of a request", share, cost, false, Markup.Of($"{Line(steps, s => s.Cost, Arms.Student, cost)}{Chosen(policy, cost)}"), Markup.Of($"In the unit of the costs that were given."))}</div>

            """);
    }

    /// <summary>What was chosen, in a sentence.</summary>
    public static string Sentence(CascadePolicy policy) => policy.Threshold is not { } threshold ? policy.Remark ?? "Everything goes to the teacher." : string.Create(
        CultureInfo.InvariantCulture,
        $"From a confidence of {threshold:0.#####} on the student answers: {Percent(policy.ShareLocal)} of requests, with {policy.Wrong} of {policy.Accepted} held-out answers wrong; the risk is at most {Percent(policy.RiskBound)} with {Percent(policy.Confidence)} confidence ({Percent(policy.Level)} was allowed).");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");

    private static Markup Plot(string title, Scale x, Scale y, bool isShare, Markup content, Markup caption) => new Plot
    {
        Title = title,
        Caption = caption,
        X = x,
        Y = y,
        XLabel = v => Percent(v),
        YLabel = v => isShare ? Percent(v) : v.ToString("0.####", CultureInfo.InvariantCulture),
        XTitle = "answered locally",
        Content = content,
    }.ToMarkup();

    private static Markup Line(CascadeStep[] steps, Func<CascadeStep, double> y, string arm, Scale scale)
    {
        var points = steps.Select((s, i) => Markup.Of($"{(i == 0 ? "M" : "L")}{100 * s.Share} {Charts.Plot.Down(Math.Min(100, scale.At(y(s))))}"));
        return Markup.Of($"""<path class="line {ArmStyle.Class(arm)}" d="{points}"/>""");
    }

    private static Markup Level(CascadePolicy policy, Scale y) => Markup.Of($"""<path class="grid" d="M0 {Charts.Plot.Down(y.At(policy.Level))}H100"/>""");

    private static Markup Chosen(CascadePolicy policy, Scale y) => policy.Threshold is null ? Markup.Empty : Markup.Of($"""<path class="grid" d="M{100 * policy.ShareLocal} {Charts.Plot.Down(y.At(y.Low))}V0"/>""");
}
