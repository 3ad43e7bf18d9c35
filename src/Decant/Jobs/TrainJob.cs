using Decant.Evaluation;
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
        if (recipe.Teacher?.Train is null)
            throw new DecantException("There is nothing to train: the recipe has no 'teacher.train'.");
        var seed = recipe.RunSeeds()[0];
        return new Runs(catalog, recipe, options, progress).Record(data => new Rehearsal(catalog, recipe, data).Teacher(), (data, folder, log) =>
        {
            var store = new ModelStore(data);
            var arms = new RecipeArms(catalog, recipe, data, store);
            using var model = arms.NewTeacher(seed);
            new ArmTraining(catalog, data, log, folder).Run(arms.Teacher(seed, model)!, cancellationToken);
            log.Write(store.Save(model, Arms.Teacher, folder.Model(Arms.Teacher, seed, isFirstSeed: true)));
            var evaluation = ModelEvaluation.Of(Predictor.Predict(model, data.Once(data.Test), cancellationToken));
            log.Write(evaluation.ToEvent(Arms.Teacher, seed, "test"));
            foreach (var remark in evaluation.Remarks)
                log.Note(remark);
        }, cancellationToken);
    }
}
