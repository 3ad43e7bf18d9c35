using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Decant.Files;

namespace Decant.Runs.Reports.Record;

/// <summary>The JSON form of the record: no reflection, snake_case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a loss may be NaN, and that is worth recording
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class RecordJson : JsonSerializerContext;

/// <summary>One event on one line, its texts readable: "数据", not "\u6570\u636E". The record is a file of its own and never part of a page.</summary>
internal static class RecordLine
{
    public static JsonTypeInfo<RunEvent> Event { get; } =
        new RecordJson(new JsonSerializerOptions(RecordJson.Default.RunEvent.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).RunEvent;

    /// <summary>What lines are read with.</summary>
    public static JsonSerializerOptions Reading { get; } = WholeObjects.For(RecordJson.Default.RunEvent.Options);
}
