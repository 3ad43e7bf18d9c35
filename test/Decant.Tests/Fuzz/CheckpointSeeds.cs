using System.Security.Cryptography;
using System.Text;
using Decant.Runs.Running;
using Decant.Tests.Training;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Fuzz;

/// <summary>The checkpoint of a training. The checksums of a damaged file are put right, so that it is really read; what is read is gone on from.</summary>
internal static class CheckpointSeeds
{
    private const string Store = "teacher-seed-1/000001-step-3";
    private static readonly string[] s_files = ["manifest.json", "position.json", "state.safetensors"];

    public static IEnumerable<FuzzSeed> All()
    {
        var files = Files();
        yield return Of("checkpoint: manifest", "manifest.json", files, JsonDamage.Of);
        yield return Of("checkpoint: position", "position.json", files, JsonDamage.Of) with { Seal = content => [(Path.Combine(Store, "manifest.json"), Manifest(content, files["state.safetensors"]))] };
        var state = files["state.safetensors"];
        var header = 8 + (int)BitConverter.ToInt64(state);
        yield return Of("checkpoint: state", "state.safetensors", files, JsonDamage.Of) with
        {
            Content = state[8..header],
            Wrap = text => [.. BitConverter.GetBytes((long)text.Length), .. text, .. state[header..]],
            Seal = content => [(Path.Combine(Store, "manifest.json"), Manifest(files["position.json"], content))],
        };
    }

    private static FuzzSeed Of(string format, string file, Dictionary<string, byte[]> files, Damage damage) => new(format, Path.Combine(Store, file), files[file], damage, Read)
    {
        Beside = s_files.Where(f => f != file).ToDictionary(f => Path.Combine(Store, f), f => files[f]),
        BytesPerFile = 8 << 20,
    };

    private static void Read(string folder)
    {
        var search = new CheckpointStore(Path.Combine(folder, "teacher-seed-1")).Newest();
        if (search.Refused is [var reason, ..])
            throw new DecantException(reason);
        using var pending = new PendingArm("teacher", 1, search.Found!);
        _ = pending.BlasKernels;
        _ = CheckpointOwner.Of(pending.Checkpoint.Attached);
        using var run = new TrainingRun(new Recorder { AtStep = _ => throw new OperationCanceledException() });
        try
        {
            run.Run(pending.Checkpoint.Snapshot);
        }
        catch (OperationCanceledException)
        {
        }
        catch (DecantException error)
        {
            throw new DecantException($"{folder}: {error.Message}", error.ExitCode, error);
        }
    }

    private static Dictionary<string, byte[]> Files()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        using var run = new TrainingRun(new Recorder { AtStep = s => { if (s.Step == 3) stop.Cancel(); } });
        run.Run(cancellationToken: stop.Token);
        using var snapshot = run.Loop.Capture();
        var path = new CheckpointStore(folder.Path).Write(snapshot, PendingArm.Attach(new CheckpointOwner(new RunIdentity("0123", "tiny", "runs/tiny", DateTimeOffset.UnixEpoch, "ab", "cd"), "teacher", 1), 1234, 5.5, "Haswell"));
        return s_files.ToDictionary(f => f, f => File.ReadAllBytes(Path.Combine(path, f)));
    }

    private static byte[] Manifest(byte[] position, byte[] state) => Encoding.UTF8.GetBytes($$"""
        {"format":1,"files":[{"name":"state.safetensors","size":{{state.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(state))}}"},
         {"name":"position.json","size":{{position.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(position))}}"}]}
        """);
}
