using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Torch.Kernels;

namespace Decant.Runs.Running;

/// <summary>Takes a run that was stopped or killed back to the point that it resumes from.</summary>
internal sealed class Resumption(RunFolder folder, RunState state, Machine machine, string command, IProgress<RunEvent>? progress)
{
    /// <summary>Whether nothing is left to do: the record says so, and the notes on how to go on are gone.</summary>
    public static bool IsFinished(RunFolder folder) =>
        !File.Exists(folder.Progress) && File.Exists(folder.Record) && RunRecord.Read(folder.Record).Events is [.., RunFinished { Exit: ExitCodes.Success }];

    /// <summary>How far a run has come; null when it was killed before it had begun.</summary>
    /// <exception cref="DecantException">Another job began it, or that is not known any more.</exception>
    public static RunState? StateOf(RunFolder folder, string job)
    {
        var state = RunState.Read(folder.Progress);
        if (state is not null && state.Job != job)
            throw new DecantException($"The run {folder.Root} was begun by 'decant {state.Job}': resume it with {folder.CommandToResume(state.Job)}");
        if (state is null && File.Exists(folder.Record) && RunRecord.Read(folder.Record).Events.Any(e => e is ArmStarted))
            throw new DecantException($"{folder.Progress} is missing, so the state of the run {folder.Root} is unknown. Start it again in another folder.");
        return state;
    }

    /// <exception cref="DecantException">A given recipe is not the run's: every key that differs is named.</exception>
    public static void CheckGiven(RunRecipe recipe, RunRecipe? given, RunFolder folder, IKindRegistry kinds)
    {
        if (given is not null && given.GetType() != recipe.GetType())
            throw new DecantException($"The recipe is not the one that the run {folder.Root} was begun with: one of the two has 'tasks', and the other has not. Leave the recipe out.");
        if (given is not null && Differences(recipe, given, kinds) is { Length: > 0 } differences)
            throw new DecantException($"The recipe is not the one that the run {folder.Root} was begun with, so the run cannot be resumed with it. Leave the recipe out, or start a new run.\n  {differences}");
    }

    /// <exception cref="DecantException">The record is another run's than the state.</exception>
    public static void CheckRecord(RunFolder folder, RunState state)
    {
        if (Recorded<RunStarted>(folder) is [var started, ..] && started.RunId != state.Run.Id)
            throw new DecantException(
                $"{folder.Progress} and {folder.Record} are of two runs: expected the record of {state.Run} ({state.Run.Id}), came that of a run '{started.Name}' that was begun at {started.Time:u} " +
                $"({started.RunId ?? "without an id"}). Put both files of one run back, or start it again in another folder.");
    }

    /// <exception cref="DecantException">The run's own recipe is not the one in its record: every key that differs is named.</exception>
    public static void CheckUnchanged(RunRecipe recipe, RecipeReader reader, RunFolder folder)
    {
        if (Recorded<RunStarted>(folder) is not [var started, ..])
            return;
        var begun = reader.Parse(started.Recipe, folder.Record, folder.Root).Run;
        if (Differences(begun, recipe, reader.Kinds) is { Length: > 0 } differences)
            throw new DecantException($"{folder.Recipe} was changed since the run began, so it cannot be resumed to the same result. Put it back, or start a new run with the changed one.\n  {differences}");
    }

    /// <summary>The machine, with the kernels that the run began with: libtorch is loaded with them, if nothing has loaded it yet.</summary>
    /// <exception cref="DecantException">OpenBLAS cannot compute with them here, so the run would come to another result.</exception>
    public static Machine Machine(RunFolder folder, int? threads, RunState? state)
    {
        try
        {
            return MachineFacts.Prepare(threads, state?.BlasKernels);
        }
        catch (KernelsUnavailableException error)
        {
            throw new DecantException(
                $"The run {folder.Root} was begun with OpenBLAS's {state?.BlasKernels} kernels, which its result depends on, and it cannot be resumed with them here. {error.Message}\n" +
                "Resume it where it began, or start it again in another folder.",
                ExitCodes.Machine,
                error);
        }
    }

    // What a recipe leaves to the run, the run fills in.
    private static string Differences(RunRecipe own, RunRecipe other, IKindRegistry kinds) =>
        string.Join("\n  ", RecipeDifference.Of(own.ToYaml(kinds), (other with
        {
            Threads = own.Threads is null ? null : other.Threads ?? own.Threads,
            ThreadAllocation = new ThreadAllocationSection
            {
                Teacher = other.ThreadAllocation.Teacher ?? own.ThreadAllocation.Teacher,
                Student = other.ThreadAllocation.Student ?? own.ThreadAllocation.Student,
                Control = other.ThreadAllocation.Control ?? own.ThreadAllocation.Control,
            },
        }).ToYaml(kinds)));

    /// <summary>A finished run needs nothing of this any more. What cannot be removed does no harm.</summary>
    public static void Forget(RunFolder folder)
    {
        try
        {
            // The state first: from then on the run is finished, even if files are left.
            File.Delete(folder.Progress);
            Directory.Delete(folder.Checkpoints, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Cuts the record to where the run resumes, replays what was before, and records the resumption.</summary>
    /// <param name="keep">How many checkpoints of an arm stay.</param>
    /// <param name="options">How it is run.</param>
    public RunSession Open(int keep, RunOptions options)
    {
        var checkpoints = new ArmCheckpoints(folder, state.Run, keep);
        var pending = checkpoints.Find((arm, seed) => state.Finished.Any(f => f.Arm == arm && f.Seed == seed), out var refused);
        CheckKernels(pending);
        var earlier = CutRecord(pending?.Record ?? state.Record);
        var log = new RunLog(folder, progress);
        var session = new RunSession(folder, log, state, checkpoints, pending) { TeacherCache = options.TeacherCache, ToResume = options.ToResume };
        try
        {
            if (state.Record == 0)
                return session;
            log.Replay(RunRecord.Read(folder.Record).Events);
            foreach (var resumed in earlier)
                log.Write(resumed);
            var (task, arm) = pending is null ? default : TrainedArm.Parse(pending.Arm);
            log.For(task).Write(new Resumed { Arm = arm, Seed = pending?.Seed ?? 0, Step = pending?.Checkpoint.Snapshot.Position.Step ?? 0, Command = command });
            foreach (var reason in refused)
                log.Note($"A checkpoint could not be used, and the run is resumed from {(pending is null ? "the start of the arm" : pending.Checkpoint.Path)}. {reason}");
            foreach (var difference in MachineDifferences())
                log.Note(difference);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Cuts the record, and removes TensorBoard's events, which are made again from it.</summary>
    /// <returns>The earlier resumptions that the cut takes away; the report lists all of them.</returns>
    private IReadOnlyList<Resumed> CutRecord(long length)
    {
        if (Directory.Exists(folder.TensorBoardRoot))
            Directory.Delete(folder.TensorBoardRoot, recursive: true);
        var before = Recorded<Resumed>(folder);
        RunRecordWriter.Cut(folder.Record, length);
        return [.. before.Skip(Recorded<Resumed>(folder).Count)];
    }

    private static IReadOnlyList<T> Recorded<T>(RunFolder folder)
    {
        try
        {
            return [.. RunRecord.Read(folder.Record).Events.OfType<T>()];
        }
        catch (DecantException)
        {
            // There is no record, or it is none: cutting it says more.
            return [];
        }
    }

    private void CheckKernels(PendingArm? pending)
    {
        if (pending is not { BlasKernels: { Length: > 0 } kernels } || kernels == machine.BlasKernels)
            return;
        using (pending)
        {
            throw new DecantException(
                $"{pending.Checkpoint.Path} was written with OpenBLAS's {kernels} kernels, and the run is resumed with its {machine.BlasKernels} kernels: it would not come to the same result. " +
                "Remove this checkpoint, or start the run again in another folder.");
        }
    }

    private IEnumerable<string> MachineDifferences()
    {
        if (state.Libtorch != machine.Libtorch)
            yield return $"The run began with libtorch {state.Libtorch} and is resumed with {machine.Libtorch}: the last digits may differ from those of an uninterrupted run.";
        if (string.IsNullOrEmpty(state.BlasKernels) && machine.BlasKernels.Length > 0)
            yield return $"The run does not say which kernels it began with, and is resumed with OpenBLAS's {machine.BlasKernels} kernels: the last digits may differ from those of an uninterrupted run.";
        if (state.Cpu != machine.Cpu)
            yield return $"The run began on a {state.Cpu} and is resumed on a {machine.Cpu}: the last digits may differ from those of an uninterrupted run.";
        if (state.Threads != machine.Threads)
            yield return $"The run began with {state.Threads} threads and is resumed with {machine.Threads}: the last digits may differ from those of an uninterrupted run.";
    }
}
