using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>Did it help, and what was it good for: the answer before everything else.</summary>
internal static class VerdictSection
{
    public static Markup Of(RunView run) => Markup.Of($"""
        <section class="verdict {Class(run.Verdict)}" aria-label="Verdict"><div>{Answer(run)}{Baselines(run)}{Shortfalls(run)}</div>{Tiles(run)}</section>

        """);

    private static Markup Answer(RunView run)
    {
        if (run.Verdict is not { } verdict)
            return Markup.Of($"""<p class="word">{(run.Finished is null ? "No verdict yet" : "No verdict")}</p><p class="why">{Without(run)}</p>""");
        var look = MetricLook.For(verdict.Metric);
        var digits = !look.IsShare ? look.Decimals : 100 * (verdict.High - verdict.Low) < 1 ? 2 : 1;
        var number = $"{look.Signed(verdict.Difference, digits)}{(look.IsShare ? " points" : "")}";
        return Markup.Of($"""
            <p class="word">{Word(verdict.Verdict)}</p><p class="big">{number}{Unit(look)}</p>{IntervalChart.Of(verdict)}
            <p class="why">{Tied(verdict.Sentence)}</p>{Meaning(verdict)}
            """);
    }

    /// <summary>How much of the gain labels alone would have given, and what else the student is compared with.</summary>
    private static Markup Baselines(RunView run) => Markup.Join(run.Baselines.Where(c => c.A != Arms.AllLabels).Select(c => Markup.Of($"""<p class="why baseline">{Tied(c.Sentence)}.</p>""")));

    private static Markup Meaning(Comparison verdict) => Markup.Of($"""
        <p class="fine">{MetricLook.For(verdict.Metric).Title} on the test split, student minus control{(Lower(verdict) ? ": below zero the student is better" : "")}. The bar is the {Words.Percent(verdict.Confidence, 0)} interval{Covers(verdict)}: where it crosses
        zero, the difference may be chance.{Beyond(verdict)}{(verdict.P is { } p ? $" McNemar’s exact test on the same samples: p {PValue(p)}." : "")}</p>
        """);

    /// <summary>The models that are not measurably better than an answer that needs none.</summary>
    private static Markup Shortfalls(RunView run)
    {
        ArmView[] arms = [.. new[] { run.Teacher, run.Student, run.Control }.OfType<ArmView>().Where(a => a.Shortfall is not null)];
        return arms.Length == 0 ? Markup.Empty : Markup.Of($"{arms.Select(a => Markup.Of($"""<p class="caution">{Shortfall(a)}</p>"""))}");
    }

    private static string Shortfall(ArmView arm)
    {
        TrivialAnswerResult[] failed = [.. arm.Tests.Select(t => t.TrivialAnswer).OfType<TrivialAnswerResult>().Where(b => !b.Beaten)];
        var seeds = arm.Tests.Count == 1 ? "" : $", with {failed.Length} of {arm.Tests.Count} seeds";
        var p = failed[0].P is { } value ? $" (one-sided p {PValue(failed.Min(b => b.P ?? value))}{seeds})" : seeds;
        return $"The {(arm.Name == Arms.Teacher && arm.IsEnsemble ? "ensemble" : arm.Name)} is not measurably better than {arm.Shortfall} on the same test samples{p}.";
    }

    /// <summary>What the interval is over; nothing in records that do not say.</summary>
    private static string Covers(Comparison verdict)
    {
        if (verdict is not { Seeds: { } seeds, Units: { } units, Unit: { } unit })
            return "";
        var over = $"{Words.Count(units)} {(unit == "sample" ? "test samples" : $"{unit}s of the test text")}";
        return seeds > 1 ? $" over {seeds} seeds and {over}" : $" over {over} alone";
    }

    private static string Beyond(Comparison verdict) => verdict.Seeds switch
    {
        null => "",
        1 => " It holds for these two trained models on other samples of the same distribution. Training again may move the difference by more than the bar: a verdict on distillation needs two seeds or more, such as seeds: [1, 2, 3] in the recipe.",
        _ => " It covers training again and other samples of the same distribution.",
    };

    private static Markup Unit(MetricLook look) => look.Unit.Length == 0 ? Markup.Empty : Markup.Of($"<small>{look.Unit}</small>");

    private static bool Lower(Comparison verdict) => !MetricLook.For(verdict.Metric).HigherIsBetter;

    private static string Without(RunView run) => run switch
    {
        { Finished: null } => "The run was stopped, or is still running; the student and its control were not compared yet.",
        { Teacher: null } => "There was no teacher, so there is no effect of distillation to measure.",
        { Control: null } => "Whether distillation helped can only be measured against the same student trained without a teacher. Set control: true in the recipe.",
        _ => "The record has no comparison of student and control.",
    };

    private static Markup Tiles(RunView run)
    {
        var table = ComparisonTable.Of(run);
        Markup[] tiles =
        [
            Tile(table, run.MainMetric, Quality(run, MetricLook.For(run.MainMetric))),
            Tile(table, "parameters", $"parameters than the {run.TeacherWord}"),
            Tile(table, "latency-p50", $"than the {run.TeacherWord}, one sample at a time"),
        ];
        return tiles.All(t => t.IsEmpty) ? Markup.Empty : Markup.Of($"""<ul class="tiles">{tiles}</ul>""");
    }

    private static string Quality(RunView run, MetricLook look) => look.Kept == KeptWords.Higher ? $"{look.InSentence} than the {run.TeacherWord}" : $"of the {run.TeacherWord}’s {look.InSentence}";

    private static Markup Tile(ComparisonTable table, string key, string what)
    {
        var ratio = table.Rows.FirstOrDefault(r => r.Key == key)?.Ratio ?? "";
        return ratio.Length == 0 ? Markup.Empty : Markup.Of($"<li><b>{ratio}</b> <span>{what}</span></li>");
    }

    private static string Word(string verdict) => verdict switch
    {
        "helped" => "▲ Distillation helped",
        "hurt" => "▼ Distillation hurt",
        "better" => "▲ This student is better",
        "worse" => "▼ This student is worse",
        _ => "◆ No measurable difference",
    };

    private static string Class(Comparison? verdict) => verdict?.Verdict switch { "helped" => "helped", "hurt" => "hurt", _ => "neutral" };

    private static string PValue(double p) => p < 0.001 ? "< 0.001" : "= " + Words.Fixed(p, 3);

    private static string Tied(string sentence) => sentence.Replace(" %", Words.Tie + "%", StringComparison.Ordinal).Replace(" points", Words.Tie + "points", StringComparison.Ordinal);
}
