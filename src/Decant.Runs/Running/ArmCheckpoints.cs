using System.Globalization;
using Decant.Runs.Reports.Log;
using Decant.Training.Checkpoints;

namespace Decant.Runs.Running;

/// <summary>The arm that a killed run was in the middle of, and the checkpoint that it resumes from.</summary>
internal sealed record PendingArm(string Arm, long Seed, Checkpoint Checkpoint) : IDisposable
{
    private const string RecordKey = "record_bytes", SecondsKey = "run_seconds", KernelsKey = "blas_kernels";

    /// <summary>The bytes that the run's record had.</summary>
    public long Record { get; } = long.TryParse(Of(Checkpoint, RecordKey), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : throw Wrong(Checkpoint, RecordKey, "a number of bytes");

    /// <summary>The run's wall time so far.</summary>
    public double Seconds { get; } = double.TryParse(Of(Checkpoint, SecondsKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= RunClock.MostSeconds ? seconds : throw Wrong(Checkpoint, SecondsKey, "a number of seconds");

    /// <summary>The kernels that OpenBLAS computed with; empty with another BLAS, and in checkpoints of earlier versions.</summary>
    public string BlasKernels => Of(Checkpoint, KernelsKey) ?? "";

    /// <summary>What a run attaches to its checkpoints.</summary>
    public static Dictionary<string, string> Attach(CheckpointOwner owner, long record, double seconds, string kernels)
    {
        var attached = new Dictionary<string, string>
        {
            [RecordKey] = record.ToString(CultureInfo.InvariantCulture),
            [SecondsKey] = seconds.ToString("R", CultureInfo.InvariantCulture),
            [KernelsKey] = kernels,
        };
        owner.AddTo(attached);
        return attached;
    }

    public void Dispose() => Checkpoint.Dispose();

    private static string? Of(Checkpoint checkpoint, string key) => checkpoint.Attached.GetValueOrDefault(key);

    private static DecantException Wrong(Checkpoint checkpoint, string key, string expected)
    {
        checkpoint.Dispose();
        return new DecantException($"{checkpoint.Path}: its position.json was changed: expected {expected} as '{key}', came '{Of(checkpoint, key)}'. Remove this checkpoint; the run is then resumed from the one before it.");
    }
}

/// <summary>The checkpoints of a run, a folder per arm and seed.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="run">Which run it is.</param>
/// <param name="keep">How many checkpoints of an arm stay.</param>
internal sealed class ArmCheckpoints(RunFolder folder, RunIdentity run, int keep)
{
    private const string Infix = "-seed-";

    private readonly Dictionary<(string, long), CheckpointStore> _stores = [];

    public CheckpointStore Of(string arm, long seed)
    {
        if (!_stores.TryGetValue((arm, seed), out var store))
            _stores[(arm, seed)] = store = new CheckpointStore(folder.Checkpoint(arm, seed), keep);
        return store;
    }

    public CheckpointOwner Owner(string arm, long seed) => new(run, arm, seed);

    /// <summary>The newest whole checkpoint of the arm that is not done; null when it has none yet.</summary>
    /// <param name="isDone">Whether an arm of a seed is.</param>
    /// <param name="refused">Newer ones that could not be used, with the reasons.</param>
    /// <exception cref="DecantException">There are checkpoints, and none can be used; or some are not this run's, or another arm's: all of them are named.</exception>
    public PendingArm? Find(Func<string, long, bool> isDone, out IReadOnlyList<string> refused)
    {
        refused = [];
        (string Arm, long Seed)[] unfinished = [.. Directory.EnumerateDirectories(folder.Checkpoints).Select(Parse).OfType<(string, long)>().Where(a => !isDone(a.Item1, a.Item2))];
        CheckOwners(unfinished);
        foreach (var (arm, seed) in unfinished)
        {
            var search = Of(arm, seed).Newest();
            refused = search.Refused;
            if (search.Found is { } found)
                return new PendingArm(arm, seed, found);
            if (search.Refused.Count > 0)
                throw new DecantException(
                    $"No checkpoint of the {arm} of seed {seed} can be used. Tried, newest first:\n  {string.Join("\n  ", search.Refused)}\n" +
                    $"Put one of them back from a copy, or remove {Of(arm, seed).Folder}: the {arm} then starts again, and the arms before it are kept.");
        }

        return null;
    }

    /// <summary>Removes the checkpoints of an arm that is done. What cannot be removed does no harm.</summary>
    public void Clear(string arm, long seed)
    {
        try
        {
            Of(arm, seed).Clear();
        }
        catch (DecantException)
        {
            // Goes with the others when the run is finished.
        }
    }

    // Before any weights are read. One whose position cannot be read is damaged, which is reported when it is opened.
    private void CheckOwners((string Arm, long Seed)[] arms)
    {
        var faults = arms
            .SelectMany(a => Of(a.Arm, a.Seed).All, (a, path) => (path, Attached: CheckpointStore.AttachedTo(path), Owner: Owner(a.Arm, a.Seed)))
            .Where(c => c.Attached is not null)
            .Select(c => c.Owner.FaultOf(CheckpointOwner.Of(c.Attached!)) is { } fault ? $"{c.path}: {fault}" : null)
            .OfType<string>()
            .ToArray();
        if (faults.Length > 0)
            throw new DecantException(
                $"The run {folder.Root} cannot be resumed from checkpoints of another run:\n  {string.Join("\n  ", faults)}\n" +
                "Move them away: the run is then resumed from its own checkpoints, or that arm starts again. To resume the run that they belong to, resume it in its own folder.");
    }

    private static (string Arm, long Seed)? Parse(string path)
    {
        var name = Path.GetFileName(path);
        var at = name.LastIndexOf(Infix, StringComparison.Ordinal);
        return at > 0 && long.TryParse(name.AsSpan(at + Infix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? (name[..at], seed) : null;
    }
}
