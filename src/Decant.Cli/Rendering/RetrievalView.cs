using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs.Jobs.Retrieval;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows how well models find documents.</summary>
internal static class RetrievalView
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(IAnsiConsole console, RetrievalResult result)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("model", "search", "bytes", "nDCG@10", "MRR@10", "Recall@10", "Recall@100");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var row in result.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Model), row.Dimensions == 0 ? row.Form : $"{row.Dimensions} × {row.Form}", row.Dimensions == 0 ? "–" : row.Bytes.ToString("N0", CultureInfo.InvariantCulture),
                Share(row.NdcgAt10), Share(row.MrrAt10), Share(row.RecallAt10), Share(row.RecallAt100));
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Queries:N0} queries, {result.Documents:N0} documents; vectors are compared with every document; per cent, the mean over the queries."));
    }

    public static void WriteJson(TextWriter output, RetrievalResult result) => output.WriteLine(new JsonObject
    {
        ["queries"] = result.Queries,
        ["documents"] = result.Documents,
        ["rows"] = new JsonArray([.. result.Rows.Select(row => new JsonObject
        {
            ["model"] = row.Model,
            ["form"] = row.Form,
            ["dimensions"] = row.Dimensions,
            ["bytes"] = row.Bytes,
            ["ndcg-at-10"] = row.NdcgAt10,
            ["mrr-at-10"] = row.MrrAt10,
            ["recall-at-10"] = row.RecallAt10,
            ["recall-at-100"] = row.RecallAt100,
        })]),
    }.ToJsonString(s_json));

    private static string Share(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture);
}
