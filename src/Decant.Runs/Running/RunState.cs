using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Decant.Files;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Log;

namespace Decant.Runs.Running;

/// <summary><c>progress.json</c>: how far an unfinished run has come. Written as a whole after every stage.</summary>
internal sealed record RunState
{
    private const int CurrentFormat = 4;

    public int Format { get; init; } = CurrentFormat;

    public string DecantVersion { get; init; } = "";

    /// <summary>The command that began it: <c>distill</c> or <c>train</c>.</summary>
    public required string Job { get; init; }

    /// <summary>Which run it is; its checkpoints say the same.</summary>
    public required RunIdentity Run { get; init; }

    public required int Threads { get; init; }

    public string Libtorch { get; init; } = "";

    public string Cpu { get; init; } = "";

    /// <summary>The kernels that OpenBLAS computes with; empty with another BLAS, null in runs of earlier versions.</summary>
    public string? BlasKernels { get; init; }

    /// <summary>What the data was, part by part; see <see cref="DataFingerprint"/>.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }

    /// <summary>The bytes of the record when the last stage was done; 0: its head is not written.</summary>
    public long Record { get; init; }

    /// <summary>Wall time until then.</summary>
    public double Seconds { get; init; }

    /// <summary>What is done, in the order in which it was.</summary>
    public IReadOnlyList<FinishedStage> Finished { get; init; } = [];

    /// <summary>The events that were written after stages that are done, by what they are about.</summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    /// <summary>Refuses a run of a release with another resumption format or other recipe keys: before the recipe is read, where former keys would be reported as faults.</summary>
    public static void CheckFormat(RunFolder folder)
    {
        if (FormatOf(folder.Progress) is var (format, version) && format < CurrentFormat)
            throw new DecantException(
                $"The run {folder.Root} was begun by a former release ({version}): its progress.json has format {format}, and this version ({RunDescription.Version}) reads format {CurrentFormat}; " +
                "keys of recipes were renamed since. Resume it with the release that began it, or start it anew: " +
                $"'decant recipes upgrade {folder.Recipe} --out recipe.yaml', then 'decant distill recipe.yaml'.");
    }

    /// <summary>The format of a state and the version that wrote it; null where the file does not say.</summary>
    private static (int Format, string Version)? FormatOf(string path)
    {
        try
        {
            return Path.Exists(path) && JsonContent.Node(path) is JsonObject said && said["format"] is JsonValue format && format.TryGetValue<int>(out var number)
                ? (number, $"{said["decant_version"]}")
                : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or DecantException)
        {
            // Reading the state says what is wrong with it.
            return null;
        }
    }

    /// <summary>Reads the state of a run; null when it has none.</summary>
    public static RunState? Read(string path)
    {
        if (!Path.Exists(path))
            return null;
        try
        {
            // The format first: a run of another version lacks what this one requires, and is not damaged for that.
            if (JsonContent.Node(path) is JsonObject said && said["format"] is JsonValue format && format.TryGetValue<int>(out var number) && number != CurrentFormat)
                throw new DecantException($"{path} has format {number}, and this version ({RunDescription.Version}) reads format {CurrentFormat}: resume the run with the version that began it ({said["decant_version"]}).");
            var state = JsonContent.Read<RunState>(path, RunStateReading.Options);
            return state is { Format: CurrentFormat } ? state.Checked() : throw new JsonException("it has no format");
        }
        catch (JsonException error)
        {
            throw new DecantException($"{path} is damaged, so the state of the run is unknown: {error.Message} Start it again in another folder.", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path} cannot be read: {error.Message}", ExitCodes.Machine, error);
        }
    }

    /// <exception cref="JsonException">It says what no run writes.</exception>
    private RunState Checked() => Record < 0 ? throw new JsonException($"record is {Record}; expected a number of bytes")
        : Seconds is not (>= 0 and <= RunClock.MostSeconds) ? throw new JsonException($"seconds is {Seconds}; expected a number from 0 on")
        : this;

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, RunStateJson.Default.RunState));
}

/// <summary>A stage that is done: an arm trained, and its weights written.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="File">Its weights, relative to the run's folder.</param>
/// <param name="Sha256">Their SHA-256, hexadecimal.</param>
internal sealed record FinishedStage(string Arm, long Seed, string File, string Sha256);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunState))]
internal sealed partial class RunStateJson : JsonSerializerContext;

/// <summary>How <c>progress.json</c> is read.</summary>
internal static class RunStateReading
{
    public static JsonSerializerOptions Options { get; } = WholeObjects.For(RunStateJson.Default.RunState.Options);
}
