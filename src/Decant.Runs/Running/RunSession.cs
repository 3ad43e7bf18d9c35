using System.Diagnostics;
using Decant.Files;
using Decant.Runs.Planning;
using Decant.Runs.Reports.Log;
using Decant.Teachers.Answers;
using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Runs.Running;

/// <summary>A run while this process works on it: its log, how far it has come, and where an arm resumes.</summary>
internal sealed class RunSession : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ArmCheckpoints _checkpoints;
    private readonly double _before;
    private RunState _state;
    private PendingArm? _pending;

    /// <param name="folder">The run's folder.</param>
    /// <param name="log">Its log, cut to where the run resumes.</param>
    /// <param name="state">How far it has come.</param>
    /// <param name="checkpoints">Its checkpoints.</param>
    /// <param name="pending">The arm in the middle of which it resumes; null: at the start of the next. The session's from now on.</param>
    public RunSession(RunFolder folder, RunLog log, RunState state, ArmCheckpoints checkpoints, PendingArm? pending = null)
    {
        (Folder, Log, _state, _checkpoints, _pending) = (folder, log, state, checkpoints, pending);
        _before = pending?.Seconds ?? state.Seconds;
    }

    public RunFolder Folder { get; }

    public RunLog Log { get; }

    /// <summary>Which run it is, 32 hexadecimal digits.</summary>
    public string Id => _state.Run.Id;

    /// <summary>Where teachers' answers outlive the run; null: they do not.</summary>
    public TeacherOutputCache? TeacherCache { get; init; }

    /// <summary>Wall time of the run, in this process and in those before it.</summary>
    public double Seconds => _before + _clock.Elapsed.TotalSeconds;

    /// <summary>The command that resumes the run.</summary>
    public string ResumeCommand => ToResume ?? Folder.CommandToResume(_state.Job);

    /// <summary>What resumes the run where that is not a command; null: it is.</summary>
    public string? ToResume { get; init; }

    /// <summary>The head of the record is written: from here on the run is resumed, not begun.</summary>
    public void Begun() => Save(_state);

    /// <summary>Whether a step was done before the run was stopped: what it left is taken up.</summary>
    public bool IsDone(RunStep step) => Finished(step) is not null;

    /// <summary>Notes that a step is done.</summary>
    /// <param name="step">The step.</param>
    /// <param name="file">What it left, whole.</param>
    public void Finish(RunStep step, string file)
    {
        var (arm, seed) = Names(step);
        var done = new FinishedStage(arm, seed, Path.GetRelativePath(Folder.Root, file), FileHash.Of(file));
        Save(_state with { Finished = [.. _state.Finished, done] });
        _checkpoints.Clear(arm, seed);
    }

    /// <summary>What a step that is done left.</summary>
    /// <exception cref="DecantException">It is missing, or not what the run wrote.</exception>
    public string Checked(RunStep step)
    {
        var done = Finished(step)!;
        var file = Path.Combine(Folder.Root, done.File);
        if (!File.Exists(file))
            throw new DecantException($"The weights of the {done.Arm} of seed {done.Seed}, which the run had trained, are missing: {file}. Put them back, or start the run again in another folder.");
        if (FileHash.Of(file) != done.Sha256)
            throw new DecantException($"The weights of the {done.Arm} of seed {done.Seed} are not those that the run wrote: {file} was changed or damaged. Put them back, or start the run again in another folder.");
        return file;
    }

    /// <summary>Writes events that follow from models that are done, such as their figures; a run that is resumed after them has them in its record, and does not write them again.</summary>
    /// <param name="what">What they are about, one of a kind in the run.</param>
    /// <param name="write">Writes them.</param>
    public void Once(string what, Action write)
    {
        if (_state.Written.Contains(what))
            return;
        write();
        Save(_state with { Written = [.. _state.Written, what] });
    }

    /// <summary>The checkpoint that an arm resumes from, once; null: it starts. The caller disposes it.</summary>
    public Checkpoint? TakeCheckpoint(string arm, long seed)
    {
        if (_pending is not { } pending || pending.Arm != arm || pending.Seed != seed)
            return null;
        _pending = null;
        return pending.Checkpoint;
    }

    /// <summary>What writes the checkpoints of an arm.</summary>
    public CheckpointWriter Checkpoints(string arm, long seed, CheckpointOptions options) => new(_checkpoints.Of(arm, seed), options)
    {
        Attach = () => PendingArm.Attach(_checkpoints.Owner(arm, seed), Log.Length, Seconds, _state.BlasKernels ?? ""),
        Before = Log.FlushToDisk,
        OnFault = fault => Log.Note($"{fault.Message} The run continues, and tries again at the next checkpoint."),
    };

    public void Dispose()
    {
        _pending?.Dispose();
        Log.Dispose();
    }

    private void Save(RunState state)
    {
        // What the state refers to is on the disk before it is.
        Log.FlushToDisk();
        _state = state with { Record = Log.Length, Seconds = Seconds };
        _state.Write(Folder.Progress);
    }

    private FinishedStage? Finished(RunStep step)
    {
        var (arm, seed) = Names(step);
        return _state.Finished.FirstOrDefault(f => f.Arm == arm && f.Seed == seed);
    }

    /// <summary>What a step's files are kept under.</summary>
    private static (string Arm, long Seed) Names(RunStep step) => step switch
    {
        TrainStep train => (train.Key, train.Model.Seed),
        CombineStep combine => (TrainedArm.KeyOf(combine.Task, combine.Model.Arm), combine.Model.Seed),
        _ => (step.Id, 0),
    };
}
