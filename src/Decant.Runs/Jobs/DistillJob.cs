using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>
/// The main job: train or load the teacher, let the student imitate it, train the control without it, measure all on samples that nothing has seen. Of several tasks, each has its teacher,
/// and one student with a shared trunk learns from all of them.
/// </summary>
public sealed class DistillJob(Catalog catalog) : RecipeJob
{
    private protected override RecipeRunner Around(RunOptions options, IProgress<RunEvent>? progress) =>
        new(catalog, new RunWork("distill", Check, run => RunPlans.ToDistil(catalog, run), Run), options, progress);

    private static void Check(IRunRecipe recipe)
    {
        if (recipe is Recipe one && !one.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
    }

    /// <summary>One step after the other; a model is in memory from the first step that needs it to the last.</summary>
    private void Run(OpenRun run, CancellationToken cancellationToken)
    {
        using var models = new SessionModels(run.Session, run.Plan, run.Teachers, cancellationToken);
        var training = new ArmTraining(catalog, run.Session, run.Prepared.Recipe.Checkpoints);
        var ensembles = new EnsembleStage(run.Session);
        var comparisons = run.Prepared.Tasks.Select(task => new FinalComparison(task, run.Session)).ToArray();
        foreach (var step in run.Plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var comparison = Array.Find(comparisons, c => c.Task == step.Task);
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
