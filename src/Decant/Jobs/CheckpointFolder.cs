using System.Text.Json;
using Decant.Export;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>A training's unfinished state on disk: <c>state.safetensors</c> and <c>position.json</c>.</summary>
internal static class CheckpointFolder
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write(string folder, TrainingSnapshot snapshot)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, "state.safetensors"), snapshot.Tensors);
        AtomicFile.Write(Path.Combine(folder, "position.json"), JsonSerializer.SerializeToUtf8Bytes(snapshot.Position, s_json));
    }
}
