using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Runs.Comparing;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.Jobs;

/// <summary>Trains a recipe's teacher alone, measures it and keeps it, so that other recipes can load it.</summary>
public sealed class TrainJob(Catalog catalog) : RecipeJob<Recipe>
{
    private protected override IRecipeJob<Recipe> Around(RunOptions options, IProgress<RunEvent>? progress) => new RecipeRunner<Recipe, PreparedData>(
        catalog,
        new(
            "train",
            Check,
            (recipe, token) => DataPreparation.Prepare(catalog, recipe, token),
            (recipe, data) => new DryRun(catalog, recipe, data).Teacher(),
            (recipe, data, token) => new ThreadAllocations(catalog, recipe, data).OfTeacher(token),
            TrainTeacher),
        options,
        progress);

    private static void Check(Recipe recipe)
    {
        if (recipe.Teachers is not null)
            throw new DecantException("'decant train' trains one teacher, and the recipe has several ('teachers'): write a recipe with 'teacher' for each, or let 'decant distill' train them all.");
        if (recipe.Teacher?.Train is null)
            throw new DecantException("There is nothing to train: the recipe has no 'teacher.train'.");
    }

    private void TrainTeacher(Recipe recipe, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var seed = recipe.Teacher!.Seed ?? recipe.RunSeeds()[0];
        var store = new ModelStore(data, session.Log.Note);
        var arms = new RecipeArms(catalog, recipe, data, store);
        var folder = session.Folder.Model(Arms.Teacher, seed, isFirstSeed: true);
        using var model = arms.NewTeacher(seed);
        session.Stage(Arms.Teacher, seed, model, ModelStore.WeightsIn(folder), () =>
        {
            new ArmTraining(catalog, data, session, recipe.Checkpoints).Run(arms.Teachers(seed, model)[0].Training!, cancellationToken);
            session.Log.Write(store.Save(model, Arms.Teacher, folder));
        });
        var questions = EvaluationTasks.Of(data, data.Test);
        // Vectors are measured against those of a teacher, which is the model itself here.
        var asked = AnswerProgress.Measuring(data.Once(data.Test), "test", Arms.Teacher, seed, session.Log.Show);
        var answers = Predictor.Ask(model, asked, questions, questions.Task == ModelTask.Embedding ? model : null, cancellationToken);
        var evaluation = answers.Evaluate().With(ClassGroups.Of(data.Train), answers);
        session.Log.Write(evaluation.ToEvent(Arms.Teacher, seed, "test") with { Scatter = Scatter.Of(answers), TrivialAnswer = new TrivialAnswerTests(data).Test(Arms.Teacher, answers).ToResult() });
        foreach (var remark in evaluation.Remarks)
            session.Log.Note(remark);
    }
}
