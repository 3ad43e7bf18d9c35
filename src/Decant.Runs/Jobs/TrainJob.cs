using Decant.Evaluation.Prediction;
using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>Trains a recipe's teacher alone, measures it and keeps it, so that other recipes can load it.</summary>
/// <param name="catalog">The kinds that recipes name.</param>
internal sealed class TrainJob(Catalog catalog)
{
    /// <summary>Runs a recipe to its report.</summary>
    /// <param name="recipe">A recipe with a teacher to train.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Gets every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public RunResult Run(RunRecipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        Runner(options, progress).Start(recipe, cancellationToken);

    /// <summary>Resumes a run that was stopped or killed; its model is the same as that of an uninterrupted run; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="progress">Gets every event, including those before the resumption.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public RunResult Resume(string run, RunOptions options, RunRecipe? given = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        Runner(options, progress).Resume(run, given, cancellationToken);

    private RecipeRunner Runner(RunOptions options, IProgress<RunEvent>? progress) =>
        new(catalog, new RunWork("train", Check, run => RunPlans.ToTrain(catalog, run), Run), options, progress);

    private static void Check(RunRecipe recipe)
    {
        if (recipe is not Recipe one)
            throw new DecantException("'decant train' trains one teacher, and the recipe has several tasks ('tasks') with a teacher each: write a recipe with 'teacher' for each, or let 'decant distill' train them all.");
        if (one.Teachers is not null)
            throw new DecantException("'decant train' trains one teacher, and the recipe has several ('teachers'): write a recipe with 'teacher' for each, or let 'decant distill' train them all.");
        if (one.Teacher?.Train is null)
            throw new DecantException("There is nothing to train: the recipe has no 'teacher.train'.");
    }

    private void Run(OpenRun run, CancellationToken cancellationToken)
    {
        if (run.Prepared.Recipe.RunSeeds() is { Count: > 1 } seeds && run.Prepared.Tasks[0].Recipe.Teacher!.Seed is null)
            run.Session.Once("seeds", () => run.Session.Log.Note($"'decant train' trains one teacher, that of the first seed, {seeds[0]}; the recipe has {seeds.Count}."));
        using var models = new SessionModels(run.Session, run.Plan, run.Teachers, cancellationToken);
        var training = new ArmTraining(catalog, run.Session, run.Prepared.Recipe.Checkpoints);
        foreach (var step in run.Plan.Steps)
        {
            if (step is TrainStep train)
                training.Run(train, models, cancellationToken);
            else if (step is EvaluateStep evaluate)
                Evaluate(evaluate, models, run.Session, cancellationToken);
            models.Done(step);
        }
    }

    private static void Evaluate(EvaluateStep step, SessionModels models, RunSession session, CancellationToken cancellationToken)
    {
        var (data, seed, model) = (step.Of.Data, step.Model.Seed, models[step.Model]);
        var questions = EvaluationTasks.Of(data, data.Test, model, session.Log.Note, cancellationToken);
        var asked = AnswerProgress.Measuring(data.Once(data.Test), "test", Arms.Teacher, seed, session.Log.Show);
        var answers = Predictor.Ask(model, asked, questions, step.Teacher is null ? null : model, cancellationToken);
        var evaluation = answers.Evaluate().With(ClassGroups.Of(data.Train), answers);
        session.Log.Write(evaluation.ToEvent(Arms.Teacher, seed, "test") with { Scatter = Scatter.Of(answers), TrivialAnswer = new TrivialAnswerTests(data).Test(Arms.Teacher, answers).ToResult() });
        foreach (var remark in evaluation.Remarks)
            session.Log.Note(remark);
    }
}
