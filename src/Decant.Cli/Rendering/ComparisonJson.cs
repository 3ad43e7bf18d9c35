using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;

namespace Decant.Cli.Rendering;

/// <summary>Models side by side, for programs; names and units as in a run's <c>summary.json</c>.</summary>
internal static class ComparisonJson
{
    public static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static void Write(TextWriter output, EvaluationResult measured)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            foreach (var model in measured.Models) Model(json, model);
            json.WriteEndArray();
            json.WriteStartArray("comparisons");
            foreach (var comparison in measured.Comparisons) Comparison(json, comparison);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Model(Utf8JsonWriter json, ModelFigures model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        if (model.Parameters is { } parameters) json.WriteNumber("parameters", parameters);
        if (model.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
        if (model.Flops is { } flops) json.WriteNumber("flops", flops);
        json.WriteStartObject("metrics");
        foreach (var (name, figure) in model.Metrics) Number(json, name, figure.Mean);
        json.WriteEndObject();
        if (model.Latency is { } latency)
        {
            json.WriteStartObject("latency_ms");
            Number(json, "p50", latency.P50);
            Number(json, "p95", latency.P95);
            json.WriteEndObject();
        }

        if (model.SamplesPerSecond is { } pace) Number(json, "samples_per_second", pace);
        json.WriteEndObject();
    }

    private static void Comparison(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("a", comparison.A);
        json.WriteString("b", comparison.B);
        json.WriteString("metric", comparison.Metric);
        Number(json, "difference", comparison.Difference);
        json.WriteStartArray("interval");
        json.WriteNumberValue(comparison.Low);
        json.WriteNumberValue(comparison.High);
        json.WriteEndArray();
        Number(json, "confidence", comparison.Confidence);
        json.WriteString("verdict", comparison.Verdict);
        json.WriteString("sentence", comparison.Sentence);
        json.WriteEndObject();
    }

    // A figure that is not finite is null: JSON has no NaN.
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
