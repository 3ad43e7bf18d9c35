using System.Globalization;
using System.Text;
using Decant.Evaluation;
using Decant.Runs.Comparing;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Jobs;

/// <summary>A study's result as text: JSON for programs, a table in Markdown for people.</summary>
internal static class StudyText
{
    /// <summary>Everything, in snake_case.</summary>
    public static string Json(StudyResult result) => JsonText.Of(result);

    /// <summary>A table, a line each; which variants differ from the control and from the first one is stated in words, by the adjusted p-values.</summary>
    public static string Markdown(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var first = result.Rows[0].Name;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.About}\n\n| variant | {result.Metric} | − {result.Reference ?? "control"} | | − {first} | | training |\n|---|---|---|---|---|---|---|\n");
        if (result.Teacher is not null)
            text.Append(CultureInfo.InvariantCulture, $"| teacher | {Of(result, result.Teacher)} | | | | | |\n");
        foreach (var (arm, figure) in result.Baselines)
            text.Append(CultureInfo.InvariantCulture, $"| {arm} | {Of(result, figure)} | | | | | |\n");
        foreach (var row in result.Rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Text}{Spread(result, row.Figure)} | {row.AgainstControl?.Text ?? "–"} | {(row.AgainstControl is { } c ? Mark(c) : "")} | {row.AgainstFirst?.Text ?? "–"} | {(row.AgainstFirst is { } d ? Mark(d) : "")} | {row.TrainingSeconds:0} s |\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{Note(result)}\n");
        if (!result.HasSizes)
            return text.ToString();
        text.Append("\n| ").AppendJoin(" | ", SizeTitles(result)).Append(" |\n|").Insert(text.Length, "---|", SizeTitles(result).Count).Append('\n');
        foreach (var size in result.Sizes)
            text.Append("| ").AppendJoin(" | ", Cells(result, size)).Append(" |\n");
        return text.Append(CultureInfo.InvariantCulture, $"\n{SizeNote(result)}\n").ToString();
    }

    /// <summary>The titles of the table of sizes.</summary>
    public static IReadOnlyList<string> SizeTitles(StudyResult result) => ["", "form", result.Metric, "parameters", "size", "one sample"];

    /// <summary>The cells of a row of the table of sizes.</summary>
    public static IReadOnlyList<string> Cells(StudyResult result, StudySize size) =>
    [
        size.Name,
        size.Form ?? "model",
        new MetricWords(MetricOf(result), 1).Value(size.Score),
        size.Parameters.ToString("N0", CultureInfo.InvariantCulture),
        Words.Bytes(size.Bytes),
        size.Milliseconds is { } time ? Words.Milliseconds(time) : "–",
    ];

    /// <summary>What the table of sizes is of.</summary>
    public static string SizeNote(StudyResult result) => string.Create(CultureInfo.InvariantCulture,
        $"Of seed {result.Seeds[0]}. {(result.Sizes.Any(s => s.Form is not null) ? "Forms are ONNX files, measured in ONNX Runtime with one thread" : "Sizes are of the weights, times of libtorch")}; one sample is the median of one of middle length.");

    /// <summary>What the intervals and the marks of a table are: its seeds, its comparisons, and how they are adjusted.</summary>
    public static string Note(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (percent, wrong, others) = (100 * result.Confidence, 100 * (1 - result.Confidence), result.Rows.Count - 1);
        var against = result.Rows.Count(r => r.AgainstControl is not null);
        string[] columns =
        [
            .. against == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{against} {(against == 1 ? "comparison" : "comparisons")} with the {(result.Reference == "control" ? "control" : "untrained student")}")],
            .. others == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{others}{(against == 0 ? others == 1 ? " comparison" : " comparisons" : "")} with {result.Rows[0].Name}")],
        ];
        var comparisons = string.Join(" and ", columns);
        var seeds = result.Seeds.Count == 1
            ? $"Seed {result.Seeds[0]} alone; differences with their {Number(percent)} % intervals, over test samples: training again may move a difference by more. "
            : $"Seeds {string.Join(", ", result.Seeds)}; differences with their {Number(percent)} % intervals, each for itself, paired over seeds and test samples. ";
        return $"{seeds}The words go by p-values that Holm's method adjusts for the {comparisons}, each column for itself: the chance that a column has a wrong word is {Number(wrong)} % at most.{string.Concat(result.Remarks.Select(r => $" {char.ToUpperInvariant(r[0])}{r[1..]}."))}";
    }

    /// <summary>What a difference means: <c>helped</c> and <c>hurt</c> over two seeds or more, <c>better</c> and <c>worse</c> of models that were trained once.</summary>
    public static string Mark(StudyDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.Verdict switch
        {
            "no-difference" => "no measurable difference",
            "better" or "worse" => $"{difference.Verdict} (one seed)",
            var verdict => verdict,
        };
    }

    /// <summary>A figure in the metric's unit.</summary>
    public static string Of(StudyResult result, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(figure);
        return new MetricWords(MetricOf(result), 1).Value(figure.Mean) + Spread(result, figure);
    }

    /// <summary>" ± 0.8", the standard deviation over the seeds; nothing with one seed.</summary>
    public static string Spread(StudyResult result, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Spread is not { } spread ? ""
            : MetricOf(result).Unit == MetricUnit.Share ? string.Create(CultureInfo.InvariantCulture, $" ± {100 * spread:0.0}") : string.Create(CultureInfo.InvariantCulture, $" ± {spread:0.000}");
    }

    internal static string Value(Metric metric, Figure figure) => new MetricWords(metric, 1).Value(figure.Mean);

    /// <summary>The comparisons of a column, each marked by its p-value adjusted for all of them.</summary>
    internal static StudyDifference[] Differences(IReadOnlyList<PairedDifference> column)
    {
        var adjusted = Holm.Adjust([.. column.Select(d => d.IntervalPValue)]);
        return [.. column.Select((d, i) => Difference(d, adjusted[i]))];
    }

    private static StudyDifference Difference(PairedDifference d, double adjusted)
    {
        var words = new MetricWords(d.Metric, 1);
        var verdict = d.VerdictWhere(adjusted <= 1 - d.Confidence).Name();
        return new(d.Difference, d.Low, d.High, d.IntervalPValue, adjusted, verdict, $"{words.Signed(d.Difference)} ({words.Signed(d.Low)} to {words.Signed(d.High)})");
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static Metric MetricOf(StudyResult result) => Metric.All.Single(m => m.Name == result.Metric);
}
