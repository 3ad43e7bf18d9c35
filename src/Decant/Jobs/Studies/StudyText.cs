using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Evaluation;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>A study's result as text: JSON for programs, a table in Markdown for people.</summary>
public static class StudyText
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Everything, in snake_case.</summary>
    public static string Json(StudyResult result) => JsonSerializer.Serialize(result, s_options);

    /// <summary>A table, a line each; what is better or worse than the control beyond its interval is said in words.</summary>
    public static string Markdown(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var first = result.Rows[0].Name;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.About}\n\n| variant | {result.Metric} | − control | | − {first} | training |\n|---|---|---|---|---|---|\n");
        text.Append(CultureInfo.InvariantCulture, $"| teacher | {Of(result, result.Teacher)} | | | | |\n| control | {Of(result, result.Control)} | | | | |\n");
        foreach (var (arm, figure) in result.Baselines)
            text.Append(CultureInfo.InvariantCulture, $"| {arm} | {Of(result, figure)} | | | | |\n");
        foreach (var row in result.Rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Text}{Spread(result, row.Figure)} | {row.AgainstControl.Text} | {Words(row.AgainstControl)} | {row.AgainstFirst?.Text ?? "–"} | {row.TrainingSeconds:0} s |\n");
        text.Append(CultureInfo.InvariantCulture, $"\nSeeds {string.Join(", ", result.Seeds)}; differences with their 95 % intervals, paired over seeds and test samples.\n");
        return text.ToString();
    }

    /// <summary>What a difference from the control means.</summary>
    public static string Words(StudyDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.Verdict switch
        {
            "helped" => "better",
            "hurt" => "worse",
            _ => "no measurable difference",
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

    internal static string Value(PairedDifference difference) => new MetricWords(difference.Metric, 1).Value(difference.MeanA);

    internal static StudyDifference Difference(PairedDifference d)
    {
        var words = new MetricWords(d.Metric, 1);
        return new(d.Difference, d.Low, d.High, d.Verdict.Name(), $"{words.Signed(d.Difference)} ({words.Signed(d.Low)} to {words.Signed(d.High)})");
    }

    private static Metric MetricOf(StudyResult result) => Metric.All.Single(m => m.Name == result.Metric);
}
