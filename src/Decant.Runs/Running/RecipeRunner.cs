using System.Text;
using Decant.Files;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Log;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Summary;
using Decant.Teachers.Answers;

namespace Decant.Runs.Running;

/// <summary>How a recipe is run, beside what it says.</summary>
public sealed record RunOptions
{
    /// <summary>The run's folder; null: a new one under <c>runs/</c>. A run that is resumed has one already.</summary>
    public string? Out { get; init; }

    /// <summary>The command as the user typed it, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the run's folder as soon as there is one; null: no call.</summary>
    public Action<RunFolder>? Begun { get; init; }

    /// <summary>Where teachers' answers outlive the run; null: they do not.</summary>
    internal TeacherOutputCache? TeacherCache { get; init; }

    /// <summary>The exit code that the record gives a run that was cancelled; <see cref="ExitCodes.Interrupted"/>.</summary>
    public Func<int> ExitWhenStopped { get; init; } = () => ExitCodes.Interrupted;
}

/// <summary>What a run leaves.</summary>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Record">All that happened.</param>
public sealed record RunResult(RunFolder Folder, RunRecord Record)
{
    /// <summary>Whether it was to be resumed and had been finished before, so that nothing was done.</summary>
    public bool WasFinished { get; init; }
}

/// <summary>What a job does with a recipe, once everything around it is there.</summary>
/// <param name="Name">The command that asks for it.</param>
/// <param name="Check">Refuses a recipe that has nothing for it.</param>
/// <param name="Prepare">Opens the data.</param>
/// <param name="DryRun">Finds what does not fit, before anything is written.</param>
/// <param name="Share">Settles how the cores are shared, where the recipe leaves that open; a resumed run has it in its recipe.</param>
/// <param name="Work">The long work.</param>
/// <typeparam name="TRecipe">A recipe of one task, or of several.</typeparam>
/// <typeparam name="TData">Its data.</typeparam>
internal sealed record RunWork<TRecipe, TData>(
    string Name,
    Action<TRecipe> Check,
    Func<TRecipe, CancellationToken, TData> Prepare,
    Action<TRecipe, TData> DryRun,
    Func<TRecipe, TData, CancellationToken, TRecipe> Share,
    Action<TRecipe, TData, RunSession, CancellationToken> Work);

/// <summary>What every run of a recipe has around its work: data and dry run first, then the folder, the record from the first event to the last, the summary, the report.</summary>
internal sealed class RecipeRunner<TRecipe, TData>(Catalog catalog, RunWork<TRecipe, TData> work, RunOptions options, IProgress<RunEvent>? progress) : IRecipeJob<TRecipe>
    where TRecipe : class, IRunRecipe<TRecipe>
    where TData : class, IRunData
{
    /// <summary>Runs a recipe from the start.</summary>
    public RunResult Start(TRecipe recipe, CancellationToken cancellationToken)
    {
        work.Check(recipe);
        var machine = MachineFacts.Prepare(recipe.Threads);
        using var data = Prepare(recipe, null, cancellationToken);
        var open = recipe.ThreadAllocation;
        recipe = Share(recipe, data, cancellationToken);
        var folder = RunFolder.Create(options.Out, recipe.Name);
        using (RunLock.Take(folder))
        {
            AtomicFile.Write(folder.Recipe, Encoding.UTF8.GetBytes(recipe.ToYaml(catalog.Kinds)));
            var state = NewState(folder, recipe.Name, machine, DataFingerprint.Of(data));
            state.Write(folder.Progress);
            options.Begun?.Invoke(folder);
            using var session = new RunSession(folder, new RunLog(folder, progress), state, new ArmCheckpoints(folder, state.Run, recipe.Checkpoints.Keep)) { TeacherCache = options.TeacherCache };
            return Finish(session, recipe, data, machine, isBegun: false, cancellationToken, recipe.ThreadAllocation == open ? null : RunDescription.OfMeasured(recipe.ThreadAllocation));
        }
    }

    /// <summary>Resumes a run that was stopped or killed, to the result that it would have had.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="given">A recipe that must be the run's; null: the run's own is taken.</param>
    /// <param name="cancellationToken">Stops.</param>
    public RunResult Resume(string path, TRecipe? given, CancellationToken cancellationToken)
    {
        var folder = RunFolder.Existing(path);
        if (Resumption.IsFinished(folder))
            return new RunResult(folder, RunRecord.Read(folder.Record)) { WasFinished = true };
        using (RunLock.Take(folder))
        {
            // The process that held the lock until now may have finished it.
            if (Resumption.IsFinished(folder))
                return new RunResult(folder, RunRecord.Read(folder.Record)) { WasFinished = true };
            options.Begun?.Invoke(folder);
            AtomicFile.RemoveLeftovers(folder.Root);
            RunState.CheckFormat(folder);
            var reader = new RecipeReader(catalog.Kinds);
            var recipe = TRecipe.Of(reader.Read(folder.Recipe));
            Resumption.CheckGiven(recipe, given, folder, catalog.Kinds);
            work.Check(recipe);
            var state = Resumption.StateOf(folder, work.Name);
            if (state is { Record: > 0 })
            {
                Resumption.CheckRecord(folder, state);
                Resumption.CheckUnchanged(recipe, reader, folder);
            }

            var machine = Resumption.Machine(folder, recipe.Threads ?? state?.Threads, state);
            using var data = Prepare(recipe, folder, cancellationToken);
            var fingerprint = DataFingerprint.Of(data);
            DataFingerprint.Check(state?.Data ?? fingerprint, fingerprint);
            state ??= NewState(folder, recipe.Name, machine, fingerprint);
            using var session = new Resumption(folder, state, machine, options.Command, progress).Open(recipe.Checkpoints.Keep, options.TeacherCache);
            return Finish(session, recipe, data, machine, isBegun: state.Record > 0, cancellationToken);
        }
    }

    private RunState NewState(RunFolder folder, string name, Machine machine, IReadOnlyDictionary<string, string> data) => new()
    {
        DecantVersion = RunDescription.Version,
        Run = RunIdentity.New(folder, name, data),
        Job = work.Name,
        Threads = machine.Threads,
        Libtorch = machine.Libtorch,
        Cpu = machine.Cpu,
        BlasKernels = machine.BlasKernels,
        Data = data,
    };

    private TData Prepare(TRecipe recipe, RunFolder? folder, CancellationToken cancellationToken)
    {
        TData? data = null;
        try
        {
            data = work.Prepare(recipe, cancellationToken);
            work.DryRun(recipe, data);
            cancellationToken.ThrowIfCancellationRequested();
            return data;
        }
        catch (OperationCanceledException error)
        {
            data?.Dispose();
            throw new OperationCanceledException("Stopped while the data was prepared. " + (folder is null
                ? "Nothing had been trained, so there is nothing to keep."
                : $"The run is unchanged. To resume: {folder.CommandToResume(work.Name)}"), error, cancellationToken);
        }
        catch
        {
            data?.Dispose();
            throw;
        }
    }

    private TRecipe Share(TRecipe recipe, TData data, CancellationToken cancellationToken)
    {
        try
        {
            return work.Share(recipe, data, cancellationToken);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("Stopped while the speed of the cores was measured. Nothing had been trained, so there is nothing to keep.", error, cancellationToken);
        }
    }

    private RunResult Finish(RunSession session, TRecipe recipe, TData data, Machine machine, bool isBegun, CancellationToken cancellationToken, string? measured = null)
    {
        var folder = session.Folder;
        try
        {
            if (!isBegun)
                WriteHead(session, recipe, data, machine, measured);
            work.Work(recipe, data, session, cancellationToken);
            session.Log.Write(new RunFinished { Seconds = session.Seconds });
            session.Log.FlushToDisk();
        }
        catch (Exception error)
        {
            Close(session, error);
            if (error is OperationCanceledException && !error.Message.StartsWith("Stopped", StringComparison.Ordinal))
                throw new OperationCanceledException($"Stopped. Trained arms are kept. To resume: {session.ResumeCommand}", error, cancellationToken);
            throw;
        }

        var record = RunRecord.Read(folder.Record);
        RunSummary.Write(record, folder.Summary);
        ReportPage.Write(record, folder.Report);
        Resumption.Forget(folder);
        return new RunResult(folder, record);
    }

    private void WriteHead(RunSession session, TRecipe recipe, TData data, Machine machine, string? measured)
    {
        session.Log.Write(RunDescription.Of(recipe, RecipeText.Read(session.Folder.Recipe), options.Command, machine) with { RunId = session.Id });
        foreach (var part in data.Parts)
        {
            var log = session.Log.For(part.Task);
            log.Write(RunDescription.Of(part));
            foreach (var remark in part.Data.Remarks)
                log.Note(remark);
            foreach (var overlap in part.Data.Overlaps)
                log.Note(RunDescription.Of(overlap));
        }

        if (measured is not null)
            session.Log.Note(measured);
        session.Begun();
    }

    /// <summary>The last event, and a report of what there is.</summary>
    private void Close(RunSession session, Exception error)
    {
        try
        {
            session.Log.Write(new RunFinished { Seconds = session.Seconds, Exit = ExitOf(error) });
            ReportPage.Write(RunRecord.Read(session.Folder.Record), session.Folder.Report);
        }
        catch (Exception second) when (second is DecantException or IOException)
        {
            // The disk that is full now was full before: the first error says more.
        }
    }

    private int ExitOf(Exception error) => error switch
    {
        DecantException known => known.ExitCode,
        OperationCanceledException => options.ExitWhenStopped(),
        IOException => ExitCodes.Machine,
        _ => ExitCodes.Fault,
    };
}
