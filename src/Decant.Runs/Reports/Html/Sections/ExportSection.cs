using Decant.Runs.Reports.Html.Charts;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Html.Sections;

/// <summary>The student as it is deployed: what each compressed form costs in quality, and what it saves.</summary>
internal static class ExportSection
{
    public static Markup Of(RunView run) => ExportTable.Of(run.Exports) is not { } table ? Markup.Empty : Markup.Of($"""
        <section><h2>As ONNX files</h2><div class="scroll">{TableSection.Of(table)}</div>
        <p class="fine">Every file was run in ONNX Runtime on the whole test split{Seeds(run)}. Intervals are over test samples. Latency is of one sample of middle length, throughput of batches
        of 32, the files timed alternately after warm-up; memory is that of a process that opens the file and answers once, the .NET runtime in it included.</p>
        <div class="three">{Chart(run, "Quality against size", "file", e => e.Bytes, Words.Bytes)}{Chart(run, "Quality against latency", "one sample, 1 thread", e => e.OneThread.P50, Words.Milliseconds)}</div>{Files(run)}</section>

        """);

    private static string Seeds(RunView run) => run.Started is { Seeds.Count: > 1 and var count } ? $"; the student is that of the first of {count} seeds" : "";

    private static Markup Chart(RunView run, string title, string axis, Func<ExportMeasured, double> cost, Func<double, string> format)
    {
        var look = MetricLook.For(run.Exports[^1].Metric);
        var x = Scale.ForCost(run.Exports.Select(cost));
        var y = Scale.Around(run.Exports.Select(e => look.IsShare ? 100 * e.Score : e.Score), count: 4);
        return new Plot
        {
            Title = title,
            Class = "square",
            X = x,
            Y = y,
            XLabel = format,
            YLabel = v => Words.Fixed(v, y.Digits()) + (look.IsShare ? $"{Words.Tie}%" : ""),
            XTitle = axis,
            Content = Markup.Of($"""{run.Exports.Select(e => Markup.Of($"""<path class="mark {ArmStyle.Class(e.Arm)}" d="M{x.At(cost(e))} {Plot.Down(y.At(look.IsShare ? 100 * e.Score : e.Score))}h0.001"/>"""))}"""),
            Labels = Markup.Of($"""{run.Exports.Select(e => Label(x.At(cost(e)), y.At(look.IsShare ? 100 * e.Score : e.Score), e))}"""),
        }.ToMarkup();
    }

    private static Markup Label(double left, double bottom, ExportMeasured export) => Markup.Of(
        $"""<span class="{(export.Arm == Arms.Teacher ? (bottom < 20 ? "above" : "below") : left > 60 ? "before" : "behind")}" style="left:{left}%;bottom:{bottom}%">{(export.Arm == Arms.Teacher ? "teacher" : export.Form)}</span>""");

    private static Markup Files(RunView run) =>
        Markup.Of($"""<p class="fine">Files: {Markup.Join(run.Exports.Where(e => e.File is not null).Select((e, i) => Markup.Of($"{(i > 0 ? ", " : "")}<code>{e.File}</code>")))}.</p>""");
}
