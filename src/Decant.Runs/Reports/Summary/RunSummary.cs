using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Files;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Summary;

/// <summary>Writes <c>summary.json</c>: the final table of a run, for programs.</summary>
/// <remarks>
/// Shares are from 0 to 1, the verdict's difference and interval in the unit of its metric, sizes in bytes, latency in milliseconds. A figure that is not finite is null.
/// With several seeds <c>metrics</c> holds the means, <c>spread</c> the standard deviations and <c>per_seed</c> the values in the order of <c>seeds</c>.
/// </remarks>
internal static class RunSummary
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Writes the file anew: under another name first, then renamed, so that no reader sees half of it.</summary>
    public static void Write(RunRecord record, string path)
    {
        ArgumentNullException.ThrowIfNull(record);
        AtomicFile.Write(path, ToJson(record));
    }

    /// <summary>The summary, UTF-8.</summary>
    public static byte[] ToJson(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var run = new RunView(record);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
            WriteRun(json, run, record);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteRun(Utf8JsonWriter json, RunView run, RunRecord record)
    {
        json.WriteStartObject();
        json.WriteString("name", run.Started?.Name ?? "");
        json.WriteString("decant_version", run.Started?.DecantVersion ?? "");
        if (run.Finished is { } finished)
            Number(json, "seconds", finished.Seconds);
        json.WriteBoolean("finished", run.Finished is { Exit: 0 });
        if (record.Tasks.Count > 0)
            WriteTasks(json, new TasksView(record));
        else
            WriteModels(json, run);
        json.WriteEndObject();
    }

    private static void WriteModels(Utf8JsonWriter json, RunView run)
    {
        foreach (var arm in run.Models.Where(m => m.HasFigures))
            ModelSummary.Write(json, arm.ToFigures());
        WriteComparison(json, "verdict", run.Verdict);
        foreach (var comparison in run.Baselines)
            WriteComparison(json, BaselineKey(comparison), comparison);
        WriteComparison(json, "sharing", run.Sharing);
        WriteComparison(json, "teacher_gap", run.Gap);
        TextsSummary.Write(json, run);
    }

    private static string BaselineKey(Comparison comparison) => comparison switch
    {
        { A: Arms.AllLabels } => "hidden_labels",
        { A: Arms.Control } => "teacher_weights",
        { B: Arms.AllLabels } => "against_all_labels",
        { B: Arms.FromScratch } => "against_from_scratch",
        _ => "against_untrained",
    };

    /// <summary>What all tasks have in common, and each as a run of its own.</summary>
    private static void WriteTasks(Utf8JsonWriter json, TasksView run)
    {
        json.WriteStartObject("parameters");
        foreach (var arm in new[] { Arms.Teacher, Arms.Student, Arms.Control, Arms.AllLabels, Arms.Single })
        {
            if (run.Parameters(arm) is { } count)
                json.WriteNumber(arm, count);
        }

        if (run.Whole.Student?.Model?.Shared is { } shared)
            json.WriteNumber("shared", shared);
        json.WriteEndObject();
        json.WriteStartObject("tasks");
        foreach (var (task, view) in run.Tasks)
        {
            json.WriteStartObject(task);
            WriteModels(json, view);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteComparison(Utf8JsonWriter json, string name, Comparison? comparison)
    {
        if (comparison is null)
            return;
        json.WriteStartObject(name);
        if (name is "verdict" or "sharing")
            json.WriteString("verdict", comparison.Verdict);
        json.WriteString("sentence", comparison.Sentence);
        json.WriteString("metric", comparison.Metric);
        Number(json, "difference", comparison.Difference);
        json.WriteStartArray("interval");
        NumberValue(json, comparison.Low);
        NumberValue(json, comparison.High);
        json.WriteEndArray();
        Number(json, "confidence", comparison.Confidence);
        if (comparison.P is { } p)
            Number(json, "p", p);
        json.WriteEndObject();
    }

    internal static void Number(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        NumberValue(json, value);
    }

    /// <summary>JSON has no number for what is not one.</summary>
    internal static void NumberValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }
}
