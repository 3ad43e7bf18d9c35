using Decant.Runs.ActiveLearning;
using Decant.Runs.Comparing;
using Decant.Runs.Exporting;
using Decant.Runs.Planning;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>
/// The main job: train or load the teacher, let the student imitate it, train the control without it, measure all on samples that nothing has seen. Of several tasks, each has its teacher,
/// and one student with a shared trunk learns from all of them.
/// </summary>
/// <param name="catalog">The kinds that recipes name.</param>
public sealed class DistillJob(Catalog catalog)
{
    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe of one task or of several.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">The recipe has nothing to distil, or something in it does not fit.</exception>
    public RunResult Run(RecipeDocument recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Run(recipe.Run, options, progress, cancellationToken);
    }

    /// <summary>Resumes a run that was stopped or killed; its models are the same as those of an uninterrupted run; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="progress">Gets every event, including those before the resumption.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">It is no run, another process works on it, its recipe or data differ, or no checkpoint can be used.</exception>
    public RunResult Resume(string run, RunOptions options, RecipeDocument? given = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        ResumeWith(run, options, given?.Run, progress, cancellationToken);

    /// <summary>As the other, with a recipe at hand.</summary>
    internal RunResult Run(RunRecipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Check(recipe);
        if (recipe is not Recipe { Teacher.Chat.Rounds: not null } chat)
            return Runner(options, progress).Start(recipe, cancellationToken);
        // The whole bill stands in the notes of the run, and its budget is that of the rounds too.
        var spent = new ActiveRounds(catalog, options.Command, progress).Run(chat, cancellationToken);
        return new DistillJob(catalog with { Asking = catalog.Asking with { Spending = spent } }).Runner(options, progress).Start(recipe, cancellationToken);
    }

    /// <summary>As the other, with a recipe at hand.</summary>
    internal RunResult ResumeWith(string run, RunOptions options, RunRecipe? given, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        Runner(options, progress).Resume(run, given, cancellationToken);

    private RecipeRunner Runner(RunOptions options, IProgress<RunEvent>? progress) =>
        new(catalog, new RunWork("distill", Check, run => RunPlans.ToDistil(catalog, run), Run), options, progress);

    private static void Check(RunRecipe recipe)
    {
        if (recipe is Recipe one && !one.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
        if (recipe is Recipe { Student.Budget: not null })
            throw new DecantException("The recipe has a budget (student.budget), so its student is to be chosen: 'decant fit' chooses the best that keeps it, and distils that.");
    }

    /// <summary>One step after the other; a model is in memory from the first step that needs it to the last.</summary>
    private void Run(OpenRun run, CancellationToken cancellationToken)
    {
        using var models = new SessionModels(run.Session, run.Plan, run.Teachers, cancellationToken);
        var training = new ArmTraining(catalog, run.Session, run.Prepared.Recipe.Checkpoints);
        var ensembles = new EnsembleStage(run.Session);
        var comparisons = run.Prepared.Tasks.Select(task => new FinalComparison(task, run.Session)).ToArray();
        var texts = run.Prepared.Tasks.Select(task => new TextComparison(task, run.Session, run.Judge)).ToArray();
        foreach (var step in run.Plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (comparison, written) = (Array.Find(comparisons, c => c.Task == step.Task), Array.Find(texts, t => t.Task == step.Task));
            switch (step)
            {
                case TrainStep train:
                    training.Run(train, models, cancellationToken);
                    break;
                case CombineStep combine:
                    ensembles.Run(combine, models, cancellationToken);
                    break;
                case EvaluateStep evaluate:
                    comparison!.Evaluate(evaluate, models, cancellationToken);
                    break;
                case LatencyStep latency:
                    run.Session.Once(step.Id, () => Latency.Write(latency, models, run.Session.Log, cancellationToken));
                    break;
                case ContinueStep prompts:
                    run.Session.Once(step.Id, () => Continuations.Write(prompts, models, run.Session.Log, cancellationToken));
                    break;
                case GenerateStep generate:
                    written!.Write(generate, models, cancellationToken);
                    break;
                case CompareTextsStep:
                    run.Session.Once(step.Id, written!.Compare);
                    break;
                case JudgeTextsStep judge:
                    run.Session.Once(step.Id, () => written!.Judge(judge, cancellationToken));
                    break;
                case ExportStep export:
                    run.Session.Once(step.Id, () => new ExportComparison(catalog, run.Session).Write(export, models, comparison!.AnswersOf, cancellationToken));
                    break;
                case CompareStep compare:
                    run.Session.Once(step.Id, () => comparison!.Compare(compare));
                    break;
                case DifferencesStep:
                    run.Session.Once(step.Id, comparison!.Differ);
                    break;
                case AskStep or WriteStep:
                    break; // answers are asked for when a training needs them; the report is written of the whole record, behind its last event
                default:
                    throw new InvalidOperationException($"No work for the step '{step.Id}'.");
            }

            models.Done(step);
        }
    }
}
