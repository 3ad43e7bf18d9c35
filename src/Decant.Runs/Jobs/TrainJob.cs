using Decant.Evaluation.Prediction;
using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>Trains a recipe's teacher alone, measures it and keeps it, so that other recipes can load it.</summary>
public sealed class TrainJob(Catalog catalog) : RecipeJob
{
    private protected override RecipeRunner Around(RunOptions options, IProgress<RunEvent>? progress) =>
        new(catalog, new RunWork("train", Check, run => RunPlans.ToTrain(catalog, run), Run), options, progress);

    private static void Check(IRunRecipe recipe)
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
        var questions = EvaluationTasks.Of(data, data.Test);
        var asked = AnswerProgress.Measuring(data.Once(data.Test), "test", Arms.Teacher, seed, session.Log.Show);
        var answers = Predictor.Ask(model, asked, questions, step.Teacher is null ? null : model, cancellationToken);
        var evaluation = answers.Evaluate().With(ClassGroups.Of(data.Train), answers);
        session.Log.Write(evaluation.ToEvent(Arms.Teacher, seed, "test") with { Scatter = Scatter.Of(answers), TrivialAnswer = new TrivialAnswerTests(data).Test(Arms.Teacher, answers).ToResult() });
        foreach (var remark in evaluation.Remarks)
            session.Log.Note(remark);
    }
}
