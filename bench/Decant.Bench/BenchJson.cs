using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Decant.Bench;

/// <summary>A report as JSON, in snake_case. The figures of whole trainings stand in a workload itself, those of live updates under <c>live</c>.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The JSON of a report.</summary>
    public static string Of(BenchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var machine = Node(report.Machine);
        var facts = machine["facts"]!.AsObject();
        machine.Remove("facts");
        Move(machine, facts);
        return new JsonObject
        {
            ["machine"] = facts,
            ["workloads"] = new JsonArray([.. report.Workloads.Select(Workload)]),
        }.ToJsonString(s_options);
    }

    /// <summary>The JSON of long trainings.</summary>
    public static string Of(SoakReport report) => JsonSerializer.Serialize(report, s_options);

    /// <summary>The JSON of a comparison of tokenizers.</summary>
    public static string Of(TokenizerBenchReport report) => JsonSerializer.Serialize(report, s_options);

    /// <summary>The JSON of what objectives cost.</summary>
    public static string Of(ObjectiveBenchReport report) => JsonSerializer.Serialize(report, s_options);

    private static JsonNode Workload(WorkloadReport workload)
    {
        var json = Node(workload);
        if (json["run"] is not JsonObject run)
            return json;
        json.Remove("run");
        Move(json, run); // the figures first
        if (run["live"] is JsonObject live)
        {
            // The share of the peak is that of an update that computes both models; a whole training leaves most of the teacher's work out.
            run["whole_training_peak_fraction"] = run["peak_fraction"]!.DeepClone();
            run["peak_fraction"] = live["peak_fraction"]!.DeepClone();
        }

        return run;
    }

    private static void Move(JsonObject from, JsonObject to)
    {
        foreach (var (name, value) in from.ToList())
        {
            from.Remove(name);
            to[name] = value;
        }
    }

    private static JsonObject Node<T>(T value) => JsonSerializer.SerializeToNode(value, s_options)!.AsObject();
}
