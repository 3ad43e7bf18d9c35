using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Inference.Cascades;
using Decant.Runs.Jobs.Cascades;
using Decant.Runs.Reports.Html.Sections;
using Spectre.Console;

namespace Decant.Cli.Rendering;

/// <summary>Shows thresholds with what they would cost and risk, and the one that was chosen.</summary>
internal static class CascadeView
{
    private const double Apart = 0.05;
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(IAnsiConsole console, CascadeResult result)
    {
        var (policy, table) = (result.Policy, new Table().Border(TableBorder.None).AddColumns("", "threshold", "local", "wrong", "risk", "bound", "cost"));
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var step in Shown(policy))
        {
            table.AddRow(
                step.Threshold == policy.Threshold ? "→" : "", Number($"{step.Threshold:0.#####}"), Percent(step.Share), Number($"{step.Wrong} of {step.Accepted}"), Percent(step.MeasuredRisk), Percent(step.Bound), Number($"{step.Cost:0.####}"));
        }

        console.Write(table);
        Sentence.Write(console, CascadeCurves.Sentence(policy));
        if (policy.Threshold is not null && result.Test is { } test)
            Sentence.Write(console, Number($"On the test split, which it was not chosen on: {test.Accepted} of {test.Rows} answered locally, {test.Wrong} of them wrong ({Percent(test.Risk)})."));
        foreach (var remark in result.Remarks.Where(r => r != policy.Remark))
            Sentence.Write(console, remark);
        Sentence.Write(console, $"The policy: {result.PolicyFile}; its curves: {result.ChartFile}");
    }

    public static void WriteJson(TextWriter output, CascadeResult result) => output.WriteLine(new JsonObject
    {
        ["policy"] = JsonNode.Parse(File.ReadAllBytes(result.PolicyFile)),
        ["policy-file"] = result.PolicyFile,
        ["test"] = result.Test is not { } test ? null : new JsonObject { ["rows"] = test.Rows, ["accepted"] = test.Accepted, ["wrong"] = test.Wrong, ["risk"] = test.Risk },
        ["remarks"] = new JsonArray([.. result.Remarks.Select(r => (JsonNode)r)]),
    }.ToJsonString(s_json));

    /// <summary>Steps that are some shares apart, and the one that was chosen.</summary>
    private static IEnumerable<CascadeStep> Shown(CascadePolicy policy)
    {
        var last = 0.0;
        foreach (var step in policy.Steps.Where(s => s.Accepted > 0))
        {
            if (step.Threshold != policy.Threshold && step.Share - last < Apart)
                continue;
            last = step.Share;
            yield return step;
        }
    }

    private static string Percent(double share) => Number($"{100 * share:0.0} %");

    private static string Number(FormattableString text) => FormattableString.Invariant(text);
}
