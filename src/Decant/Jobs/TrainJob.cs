using Decant.Evaluation;
using Decant.Models;
using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>Trains a recipe's teacher alone, measures it and keeps it, so that other recipes can load it.</summary>
public sealed class TrainJob(Catalog catalog)
{
    /// <summary>Trains with the recipe's first seed.</summary>
    /// <param name="recipe">A recipe that has been read and checked, with <c>teacher.train</c>.</param>
    /// <param name="options">Where to.</param>
    /// <param name="progress">Is told every event, on the job's thread.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    public RunResult Run(Recipe recipe, RunOptions options, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        return new Runs<Recipe, PreparedData>(catalog, Work(), options, progress).Start(recipe, cancellationToken);
    }

    /// <summary>Goes on with a training that was stopped or killed, to the very model that it would have had; nothing is done when it is finished.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="options">The command; the folder is the run's.</param>
    /// <param name="given">A recipe that must be the run's own; null: that is taken.</param>
    /// <param name="progress">Is told every event, what was before included.</param>
    /// <param name="cancellationToken">Stops after the current update, with a checkpoint.</param>
    /// <exception cref="DecantException">It is no run, another process works on it, its recipe or data differ, or no checkpoint can be used.</exception>
    public RunResult Resume(string run, RunOptions options, Recipe? given = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        ArgumentNullException.ThrowIfNull(options);
        return new Runs<Recipe, PreparedData>(catalog, Work(), options, progress).Resume(run, given, cancellationToken);
    }

    private RunWork<Recipe, PreparedData> Work() => new(
        "train",
        Check,
        (recipe, token) => DataPreparation.Prepare(catalog, recipe, token),
        (recipe, data) => new Rehearsal(catalog, recipe, data).Teacher(),
        (recipe, data, token) => new CoreShares(catalog, recipe, data).OfTeacher(token),
        TrainTeacher);

    private static void Check(Recipe recipe)
    {
        if (recipe.Teachers is not null)
            throw new DecantException("'decant train' trains one teacher, and the recipe has several ('teachers'): write a recipe with 'teacher' for each, or let 'decant distill' train them all.");
        if (recipe.Teacher?.Train is null)
            throw new DecantException("There is nothing to train: the recipe has no 'teacher.train'.");
    }

    private void TrainTeacher(Recipe recipe, PreparedData data, RunSession session, CancellationToken cancellationToken)
    {
        var seed = recipe.RunSeeds()[0];
        var store = new ModelStore(data, session.Log.Note);
        var arms = new RecipeArms(catalog, recipe, data, store);
        var folder = session.Folder.Model(Arms.Teacher, seed, isFirstSeed: true);
        using var model = arms.NewTeacher(seed);
        session.Stage(Arms.Teacher, seed, model, ModelStore.WeightsIn(folder), () =>
        {
            new ArmTraining(catalog, data, session, recipe.Checkpoints).Run(arms.Teachers(seed, model)[0].Training!, cancellationToken);
            session.Log.Write(store.Save(model, Arms.Teacher, folder));
        });
        var questions = Questions.Of(data, data.Test);
        // Vectors are measured against those of a teacher, which is the model itself here.
        var answers = Predictor.Ask(model, data.Once(data.Test), questions, questions.Task == ModelTask.Embedding ? model : null, cancellationToken);
        var evaluation = answers.Evaluate().With(ClassGroups.Of(data.Train), answers);
        session.Log.Write(evaluation.ToEvent(Arms.Teacher, seed, "test") with { Scatter = Scatter.Of(answers) });
        foreach (var remark in evaluation.Remarks)
            session.Log.Note(remark);
    }
}
