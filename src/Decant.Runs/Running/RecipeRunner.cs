using System.Text;
using Decant.Files;
using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Runs.Reports.Cards;
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
    internal Action<RunFolder>? Begun { get; init; }

    /// <summary>Where teachers' answers outlive the run; null: they do not.</summary>
    internal TeacherOutputCache? TeacherCache { get; init; }

    /// <summary>What resumes the run, in words behind "To resume: "; null: the command.</summary>
    internal string? ToResume { get; init; }

    /// <summary>The exit code that the record gives a run that was cancelled; <see cref="ExitCodes.Interrupted"/>.</summary>
    internal Func<int> ExitWhenStopped { get; init; } = () => ExitCodes.Interrupted;
}

/// <summary>What a run leaves.</summary>
/// <param name="Folder">Where everything lies.</param>
/// <param name="Record">All that happened.</param>
public sealed record RunResult(RunFolder Folder, RunRecord Record)
{
    /// <summary>Whether it was to be resumed and had been finished before, so that nothing was done.</summary>
    public bool WasFinished { get; init; }
}

/// <summary>What a job makes of a recipe.</summary>
/// <param name="Name">The command that asks for it.</param>
/// <param name="Check">Refuses a recipe that has nothing for it.</param>
/// <param name="Plan">Makes the plan of what is run.</param>
/// <param name="Work">Does the steps of the plan, with the models that were made for a look at it.</param>
internal sealed record RunWork(string Name, Action<RunRecipe> Check, Func<PreparedRun, RunPlan> Plan, Action<OpenRun, CancellationToken> Work);

/// <summary>A run that has begun.</summary>
/// <param name="Prepared">What is run.</param>
/// <param name="Plan">Its steps.</param>
/// <param name="Session">How far it has come, its log and its folder.</param>
/// <param name="Teachers">Teachers that were made before it began.</param>
internal sealed record OpenRun(PreparedRun Prepared, RunPlan Plan, RunSession Session, MadeTeachers Teachers)
{
    /// <summary>The judge of generated texts, which has been tried; null: there is none.</summary>
    public TextJudge? Judge { get; init; }
}

/// <summary>What every run of a recipe has around its steps: data, plan and dry run first, then the folder, the record from the first event to the last, the summary, the report.</summary>
internal sealed class RecipeRunner(Catalog catalog, RunWork work, RunOptions options, IProgress<RunEvent>? progress)
{
    private TextJudge? _judge;

    /// <summary>Runs a recipe from the start.</summary>
    public RunResult Start(RunRecipe recipe, CancellationToken cancellationToken)
    {
        work.Check(recipe);
        recipe = FetchedModels.Of(catalog.Fetching, recipe, progress, cancellationToken);
        using var turn = RunTurn.Take(cancellationToken);
        var machine = MachineFacts.Prepare(recipe.Threads);
        using var teachers = new MadeTeachers();
        using var prepared = Prepare(recipe, teachers, null, cancellationToken);
        var settled = Share(prepared, teachers, cancellationToken);
        var run = prepared.With(settled);
        var folder = RunFolder.Create(options.Out, recipe.Name);
        using (RunLock.Take(folder))
        {
            AtomicFile.Write(folder.Recipe, Encoding.UTF8.GetBytes(settled.ToYaml(catalog.Kinds)));
            var state = NewState(folder, recipe.Name, machine, DataFingerprint.Of(run));
            state.Write(folder.Progress);
            options.Begun?.Invoke(folder);
            using var session = new RunSession(folder, new RunLog(folder, progress), state, new ArmCheckpoints(folder, state.Run, recipe.Checkpoints.Keep)) { TeacherCache = options.TeacherCache, ToResume = options.ToResume };
            return Finish(new OpenRun(run, work.Plan(run), session, teachers) { Judge = _judge }, machine, isBegun: false, cancellationToken, settled.ThreadAllocation == recipe.ThreadAllocation ? null : RunDescription.OfMeasured(settled.ThreadAllocation));
        }
    }

    /// <summary>Resumes a run that was stopped or killed, to the result that it would have had.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="given">A recipe that must be the run's; null: the run's own is taken.</param>
    /// <param name="cancellationToken">Stops.</param>
    public RunResult Resume(string path, RunRecipe? given, CancellationToken cancellationToken)
    {
        var folder = RunFolder.Existing(path);
        // Without its recipe, which a former release may have written with keys that are not known now.
        if (Resumption.IsFinished(folder))
            return new RunResult(folder, RunRecord.Read(folder.Record)) { WasFinished = true };
        using (RunLock.Take(folder))
        {
            using var turn = RunTurn.Take(cancellationToken);
            // The process that held the lock until now may have finished it.
            if (Resumption.IsFinished(folder))
                return new RunResult(folder, RunRecord.Read(folder.Record)) { WasFinished = true };
            options.Begun?.Invoke(folder);
            AtomicFile.RemoveLeftovers(folder.Root);
            RunState.CheckFormat(folder);
            var reader = new RecipeReader(catalog.Kinds);
            var written = reader.Read(folder.Recipe).Run;
            var recipe = FetchedModels.Of(catalog.Fetching, written, progress, cancellationToken);
            given = given is null ? null : FetchedModels.Of(catalog.Fetching, given, progress, cancellationToken);
            Resumption.CheckGiven(recipe, given, folder, catalog.Kinds);
            // Equal to what was read, and with what only a program has: its samples and models.
            recipe = given is null ? recipe : given with { Threads = recipe.Threads, ThreadAllocation = recipe.ThreadAllocation };
            work.Check(recipe);
            var state = Resumption.StateOf(folder, work.Name);
            if (state is { Record: > 0 })
            {
                Resumption.CheckRecord(folder, state);
                Resumption.CheckUnchanged(written, reader, folder);
            }

            var machine = Resumption.Machine(folder, recipe.Threads ?? state?.Threads, state);
            using var teachers = new MadeTeachers();
            using var run = Prepare(recipe, teachers, folder, cancellationToken);
            var fingerprint = DataFingerprint.Of(run);
            DataFingerprint.Check(state?.Data ?? fingerprint, fingerprint);
            state ??= NewState(folder, recipe.Name, machine, fingerprint);
            using var session = new Resumption(folder, state, machine, options.Command, progress).Open(recipe.Checkpoints.Keep, options);
            return Finish(new OpenRun(run, work.Plan(run), session, teachers) { Judge = _judge }, machine, isBegun: state.Record > 0, cancellationToken);
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

    private PreparedRun Prepare(RunRecipe recipe, MadeTeachers teachers, RunFolder? folder, CancellationToken cancellationToken)
    {
        PreparedRun? run = null;
        try
        {
            var watch = new AnswerProgress(progress is null ? null : progress.Report, new() { Purpose = AnswersAsked.TeacherAnswers, Arm = Arms.Teacher });
            var asking = catalog.Asking with { MayAsk = true, Answered = (done, all) => watch.Report(done, all, done / (double)all) };
            run = PreparedRun.Of(catalog with { Asking = asking }, recipe, cancellationToken);
            new DryRun(catalog, run, work.Plan(run), teachers).All();
            if (recipe.Evaluate.Generation?.Judge is { } judge && work.Plan(run).Steps.Any(s => s is JudgeTextsStep))
            {
                _judge = TextJudge.Of(judge, asking);
                _judge.Try(cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return run;
        }
        catch (OperationCanceledException error)
        {
            run?.Dispose();
            throw new OperationCanceledException("Stopped while the data was prepared. " + (folder is null
                ? recipe is Recipe { Teacher: { Chat: not null } or { Embeddings: not null } } ? "Nothing had been trained; what the teacher answered is stored, and is not asked for again." : "Nothing had been trained, so there is nothing to keep."
                : $"The run is unchanged. To resume: {options.ToResume ?? folder.CommandToResume(work.Name)}"), error, cancellationToken);
        }
        catch
        {
            run?.Dispose();
            throw;
        }
    }

    private RunRecipe Share(PreparedRun run, MadeTeachers teachers, CancellationToken cancellationToken)
    {
        try
        {
            return new ThreadAllocations(catalog, run, work.Plan(run), teachers).OfAll(cancellationToken);
        }
        catch (OperationCanceledException error)
        {
            throw new OperationCanceledException("Stopped while the speed of the cores was measured. Nothing had been trained, so there is nothing to keep.", error, cancellationToken);
        }
    }

    private RunResult Finish(OpenRun run, Machine machine, bool isBegun, CancellationToken cancellationToken, string? measured = null)
    {
        var session = run.Session;
        var folder = session.Folder;
        try
        {
            if (!isBegun)
                WriteHead(run, machine, measured);
            run.Teachers.Begin();
            work.Work(run, cancellationToken);
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
        ModelCard.Write(record, folder.Root);
        Resumption.Forget(folder);
        return new RunResult(folder, record);
    }

    private void WriteHead(OpenRun run, Machine machine, string? measured)
    {
        var session = run.Session;
        session.Log.Write(RunDescription.Of(run.Prepared.Recipe, RecipeText.Read(session.Folder.Recipe), options.Command, machine) with { RunId = session.Id });
        foreach (var task in run.Prepared.Tasks)
        {
            var log = session.Log.For(task.Name);
            log.Write(RunDescription.Of(task));
            foreach (var remark in task.Data.Remarks)
                log.Note(remark);
            if (task.Data.Chat?.Look is { } said)
                log.Write(said);
            foreach (var overlap in task.Data.Overlaps)
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
