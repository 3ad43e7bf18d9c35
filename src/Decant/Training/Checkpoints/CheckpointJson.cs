using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Files;

namespace Decant.Training.Checkpoints;

/// <summary>The JSON of a checkpoint: no reflection, snake_case.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)] // a score may be NaN
[JsonSerializable(typeof(CheckpointManifest))]
[JsonSerializable(typeof(CheckpointPosition))]
internal sealed partial class CheckpointJson : JsonSerializerContext;

/// <summary>How a checkpoint's files are read.</summary>
internal static class CheckpointReading
{
    public static JsonSerializerOptions Options { get; } = WholeObjects.For(CheckpointJson.Default.CheckpointManifest.Options);
}

/// <summary><c>position.json</c>: all of a checkpoint that is no tensor.</summary>
/// <param name="Training">Where the training stood.</param>
/// <param name="Attached">What the writer had to say beside it.</param>
internal sealed record CheckpointPosition(TrainingPosition Training, IReadOnlyDictionary<string, string> Attached);
