using System.Text.Json;
using Decant.Runs.Reports.View;

namespace Decant.Runs.Reports.Summary;

/// <summary>One model's part of <c>summary.json</c>.</summary>
internal static class ModelSummary
{
    public static void Write(Utf8JsonWriter json, ModelFigures model)
    {
        json.WriteStartObject(model.Name);
        Whole(json, "parameters", model.Parameters);
        Whole(json, "bytes", model.Bytes);
        Whole(json, "flops", model.Flops);
        Metrics(json, "metrics", model, f => f.Mean);
        if (model.Shortfall is { } trivial)
            json.WriteString("not_better_than", trivial);
        if (model.Latency is { } latency)
        {
            json.WriteStartObject("latency_ms");
            RunSummary.Number(json, "p50", latency.P50);
            RunSummary.Number(json, "p95", latency.P95);
            json.WriteEndObject();
        }
        if (model.SamplesPerSecond is { } throughput)
            RunSummary.Number(json, "samples_per_second", throughput);
        Seeds(json, model);
        json.WriteEndObject();
    }

    private static void Seeds(Utf8JsonWriter json, ModelFigures model)
    {
        json.WriteStartArray("seeds");
        foreach (var seed in model.Seeds)
            json.WriteNumberValue(seed);
        json.WriteEndArray();
        if (model.Seeds.Count < 2)
            return;
        Metrics(json, "spread", model, f => f.Spread ?? 0);
        json.WriteStartObject("per_seed");
        foreach (var (name, figure) in model.Metrics)
        {
            json.WriteStartArray(name);
            foreach (var value in figure.Values)
                RunSummary.NumberValue(json, value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Metrics(Utf8JsonWriter json, string name, ModelFigures model, Func<Figure, double> value)
    {
        json.WriteStartObject(name);
        foreach (var (metric, figure) in model.Metrics)
            RunSummary.Number(json, metric, value(figure));
        json.WriteEndObject();
    }

    private static void Whole(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
    }
}
