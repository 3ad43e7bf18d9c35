using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>How student, control and teacher learned.</summary>
internal static class CurvesSection
{
    public static Markup Of(RunView run)
    {
        var metric = Metric(run);
        Markup[] charts =
        [
            MetricChart(run, metric),
            NllChart(run, metric),
            SecondChart(run, metric),
            LossChart(run),
            .. SettingCharts(run.Student),
            .. Taught(run).SelectMany(arm => new[] { MetricOf(arm, metric), LossOf(arm) }),
        ];
        return charts.All(c => c.IsEmpty) ? Markup.Empty : Markup.Of($"""<section><h2>Training curves</h2><div class="charts">{charts}</div></section>""");
    }

    /// <summary>The metric that the run went by, or the first that was validated.</summary>
    private static string Metric(RunView run)
    {
        var there = run.Models.SelectMany(m => m.Validations).SelectMany(v => v.Metrics.Keys).Distinct().ToArray();
        return there.Contains(run.MainMetric) ? run.MainMetric : there.FirstOrDefault() ?? run.MainMetric;
    }

    private static Markup MetricChart(RunView run, string metric)
    {
        var look = MetricLook.For(metric);
        return LineChart.Of(
            $"{look.Title} on the validation split",
            [.. run.Trained.Append(run.Student).SelectMany(a => Series.OfMetric(a, metric))],
            values => Scale.Around(values, floor: look.IsShare ? 0 : double.NegativeInfinity, ceiling: look.IsShare ? 1 : double.PositiveInfinity),
            (v, scale) => look.Format(v, scale.Digits(look.IsShare ? 100 : 1)),
            Markup.Text((look.HigherIsBetter ? "Higher is better." : "Lower is better.")
                + (run.Control is null ? "" : (run.AllLabels is null ? " The gap at the right end is the effect of the teacher;" : " The gap between student and control at the right end is the effect of the teacher;") + " a gap at the left end alone means faster training only.")),
            "wide",
            Best(run.Teacher, look) is { } best ? (Arms.Teacher, best) : null);
    }

    private static double? Best(ArmView? teacher, MetricLook look)
    {
        var values = (teacher?.Validations ?? []).Where(v => v.Metrics.ContainsKey(look.Name)).Select(v => v.Metrics[look.Name]).Where(double.IsFinite).ToArray();
        return values.Length == 0 ? null : look.HigherIsBetter ? values.Max() : values.Min();
    }

    private static Markup NllChart(RunView run, string metric) => metric == "nll" || Second(metric) is not null ? Markup.Empty : LineChart.Of(
        "Cross-entropy on the validation split",
        [.. run.Trained.Append(run.Student).SelectMany(a => Series.OfMetric(a, "nll"))],
        values => Scale.ForLoss(values),
        LossLabel,
        Markup.Text((run.Control is null ? "" : "Against the true labels, so they compare. ") + "A curve that rises again indicates overfitting."));

    /// <summary>The second metric shown for a task where the cross-entropy adds nothing to the first.</summary>
    private static string? Second(string metric) => metric switch
    {
        "bits-per-byte" => "perplexity",
        "pearson" => "spearman",
        "spearman" => "teacher-cosine",
        _ => null,
    };

    private static Markup SecondChart(RunView run, string metric)
    {
        if (Second(metric) is not { } second)
            return Markup.Empty;
        var look = MetricLook.For(second);
        return LineChart.Of(
            $"{look.Title} on the validation split",
            [.. run.Trained.Append(run.Student).SelectMany(a => Series.OfMetric(a, second))],
            values => Scale.Around(values),
            (v, scale) => look.Format(v, scale.Digits()),
            Markup.Text(look.HigherIsBetter ? "Higher is better." : "Lower is better."));
    }

    private static Markup LossChart(RunView run) => LineChart.Of(
        "Training loss",
        [.. run.Trained.Append(run.Student).SelectMany(Series.OfLoss)],
        values => Scale.ForLoss(values),
        LossLabel,
        Markup.Text(run.Control is null ? "" : "The losses of the student and of those without a teacher are different sums: compare their shape, not their height."));

    /// <summary>What the recipe let change: temperatures and weights.</summary>
    private static IEnumerable<Markup> SettingCharts(ArmView? student) => (student?.Steps ?? []).SelectMany(s => s.Settings.Keys).Distinct().Select(name => LineChart.Of(
        $"{Words.Arm(student!.Name)}: {name.Replace("/", ", ", StringComparison.Ordinal)}",
        [.. Series.OfSetting(student, name)],
        values => Scale.Around(values, count: 3, floor: 0),
        (v, scale) => Words.Fixed(v, scale.Digits()),
        Markup.Empty,
        "small"));

    /// <summary>The teacher, or the ensemble's members, and the assistants between teacher and student.</summary>
    private static IEnumerable<ArmView> Taught(RunView run) => [.. run.Teacher is { IsEnsemble: false } teacher ? [teacher] : run.Members, .. run.Between];

    private static Markup MetricOf(ArmView arm, string metric)
    {
        var look = MetricLook.For(metric);
        return LineChart.Of(
            $"{arm.Title}: {look.InSentence} on the validation split",
            [.. Series.OfMetric(arm, metric)],
            values => Scale.Around(values, count: 3, floor: look.IsShare ? 0 : double.NegativeInfinity, ceiling: look.IsShare ? 1 : double.PositiveInfinity),
            (v, scale) => look.Format(v, scale.Digits(look.IsShare ? 100 : 1)),
            Markup.Empty,
            "small");
    }

    private static Markup LossOf(ArmView arm) =>
        LineChart.Of($"{arm.Title}: training loss", [.. Series.OfLoss(arm)], values => Scale.ForLoss(values, count: 3), LossLabel, Markup.Empty, "small");

    private static string LossLabel(double value, Scale scale) => scale.IsLog ? Words.Three(value).TrimEnd('0').TrimEnd('.') : Words.Fixed(value, scale.Digits());
}
