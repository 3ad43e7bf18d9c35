using System.Globalization;
using System.Text;
using Decant.Evaluation;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Fitting;

/// <summary>A search as text: JSON for programs, a table in Markdown for people.</summary>
internal static class FitText
{
    /// <summary>The titles of the table's columns.</summary>
    public static IReadOnlyList<string> Titles(FitResult result) =>
        ["student", "parameters", "file", "one sample", .. SuccessiveHalving.Rounds.Select(share => share < 1 ? $"{Words.Percent(share, 0)} of the training" : "all of it")];

    /// <summary>The cells of a row.</summary>
    /// <param name="row">A candidate.</param>
    /// <param name="result">The search.</param>
    public static IReadOnlyList<string> Cells(FitRow row, FitResult result)
    {
        var words = new MetricWords(Metric.Find(result.Metric, result.Task), 1);
        return
        [
            row.Name,
            row.Figures.Parameters.ToString("N0", CultureInfo.InvariantCulture),
            Words.Bytes(row.Figures.Bytes),
            string.Create(CultureInfo.InvariantCulture, $"{row.Figures.Milliseconds:0.00} ms"),
            .. Enumerable.Range(0, SuccessiveHalving.Rounds.Count).Select(i => i < row.Scores.Count && row.Scores[i] is { } score ? words.Value(score) : ""),
        ];
    }

    /// <summary>What was done, in a sentence or two.</summary>
    public static string Summary(FitResult result) => string.Create(CultureInfo.InvariantCulture,
        $"Of {result.Candidates:N0} students of this teacher {result.Measured} were exported and timed and {result.Rows.Count} trained, with {result.Cost:0.0} times the updates of one whole training. Budget: {result.Limits}. {result.Metric} is of the validation split.");

    /// <summary>Everything, in snake_case.</summary>
    public static string Json(FitResult result) => JsonText.Of(result);

    /// <summary>The table.</summary>
    public static string Markdown(FitResult result)
    {
        var text = new StringBuilder();
        Row(Titles(result));
        Row(Titles(result).Select(_ => "---"));
        foreach (var row in result.Rows)
            Row(Cells(row, result));
        return text.Append('\n').Append(Summary(result)).Append('\n').ToString();

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }
}
