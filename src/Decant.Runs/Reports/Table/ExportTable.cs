using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Table;

/// <summary>Exported models side by side, as they were measured in ONNX Runtime: teacher, student, and each form that it is compressed to.</summary>
internal static class ExportTable
{
    /// <summary>The table; null where nothing was exported.</summary>
    public static ComparisonTable? Of(IReadOnlyList<ExportMeasured> exports)
    {
        if (exports.Count == 0)
            return null;
        var large = exports.FirstOrDefault(e => e.Arm == Arms.Teacher);
        var small = exports.FirstOrDefault(e => e.Arm == Arms.Student && e.Agreement is not null) ?? exports.FirstOrDefault(e => e.Arm == Arms.Student);
        return new ComparisonTable
        {
            Columns = [.. exports.Select(e => new TableColumn(e.Arm, Title(e)))],
            Rows = [.. Rows(exports, small, large)],
            RatioTitle = small is null || large is null ? null : $"{Title(small)} against teacher",
        };
    }

    /// <summary>What a model is called: the arm and the form.</summary>
    public static string Title(ExportMeasured export) => $"{Words.Arm(export.Arm)}, {export.Form}";

    private static IEnumerable<TableRow> Rows(IReadOnlyList<ExportMeasured> exports, ExportMeasured? small, ExportMeasured? large)
    {
        var look = MetricLook.For(exports[^1].Metric);
        var threads = exports[0].Threads;
        var others = $"{threads} threads";
        TableRow?[] rows =
        [
            Score(exports, look, small, large),
            Loss(exports, look),
            Row("Quality", "same-answer", "Same answer", "as the student in float32", e => e.Agreement?.SameAnswer, v => Words.Percent(v)),
            Row("Quality", "kl-median", "Divergence", "KL from float32, median, nats", e => e.Agreement?.KlMedian, Divergence),
            Row("Quality", "kl-99", "Divergence, 99 %", "99th percentile", e => e.Agreement?.Kl99, Divergence),
            Row("Quality", "cosine", "Cosine", "to the answers in float32, median", e => e.Agreement?.Cosine, v => Words.Fixed(v, 4)),
            Row("Size", "bytes", "File", "", e => e.Bytes, Words.Bytes, ("smaller", "larger")),
            Row("Size", "peak-memory", "Memory", "peak of a process that answers", e => e.PeakBytes, Words.Bytes, ("less", "more")),
            Row("Speed", "latency-1", "Latency, 1 thread", "one sample, median", e => e.OneThread.P50, Words.Milliseconds, ("faster", "slower")),
            Row("Speed", "latency-all", $"Latency, {others}", "one sample, median", e => e.AllThreads?.P50, Words.Milliseconds, ("faster", "slower")),
            Row("Speed", "throughput-1", "Throughput, 1 thread", "samples in batches", e => e.SamplesPerSecond, v => Words.Large(v) + "/s", ("less", "more")),
            Row("Speed", "throughput-all", $"Throughput, {others}", "samples in batches", e => e.SamplesPerSecondAllThreads, v => Words.Large(v) + "/s", ("less", "more")),
            Row("Speed", "first-answer", "First answer", "opening the file included", e => e.FirstAnswer, Words.Milliseconds, ("faster", "slower")),
        ];
        return rows.OfType<TableRow>();

        TableRow? Row(string group, string key, string title, string meaning, Func<ExportMeasured, double?> value, Func<double, string> format, (string Less, string More)? words = null)
        {
            if (exports.All(e => value(e) is null))
                return null;
            return new TableRow(group, key, title, meaning, [.. exports.Select(e => value(e) is { } v ? new TableCell(v, format(v), "") : TableCell.Unknown)], words is { } w ? Ratio(small, large, value, w) : "");
        }
    }

    private static string Divergence(double nats) => nats < 0.001 ? "< 0.001" : Words.Fixed(nats, 3);

    private static TableRow Score(IReadOnlyList<ExportMeasured> exports, MetricLook look, ExportMeasured? small, ExportMeasured? large)
    {
        var digits = look.Digits(exports.Select(e => e.Score));
        return new TableRow(
            "Quality", look.Name, look.Title, look.Meaning, [.. exports.Select(e => new TableCell(e.Score, look.Format(e.Score, digits), ""))],
            small is null || large is null ? "" : look.Against(small.Score, large.Score));
    }

    // What the form costs, on the same samples as the model that was trained; the interval is over test samples.
    private static TableRow Loss(IReadOnlyList<ExportMeasured> exports, MetricLook look)
    {
        string Shown(double value) => look.IsShare ? Words.Points(value, 2) : Words.Fixed(value, look.Decimals);
        return new TableRow(
            "Quality", "loss", "Against the trained student", look.IsShare ? "points, with the interval" : "with the interval",
            [.. exports.Select(e => e.Loss is { } loss ? new TableCell(loss.Difference, Shown(loss.Difference), $"({Shown(loss.Low)} to {Shown(loss.High)})") : TableCell.Unknown)], "");
    }

    private static string Ratio(ExportMeasured? small, ExportMeasured? large, Func<ExportMeasured, double?> value, (string Less, string More) words)
    {
        if (small is null || large is null || value(small) is not { } s || value(large) is not { } l || s <= 0 || l <= 0)
            return "";
        var (ratio, word) = s <= l ? (l / s, words.Less) : (s / l, words.More);
        return ratio < 1.05 ? "the same" : $"{Words.Times(ratio)} {word}";
    }
}
