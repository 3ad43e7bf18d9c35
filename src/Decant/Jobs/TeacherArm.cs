using Decant.Modules;
using Decant.Recipes;
using Decant.Reports;

namespace Decant.Jobs;

/// <summary>Where a run's teacher comes from: loaded, trained on all labels, or loaded and trained on.</summary>
internal sealed class TeacherArm(Catalog catalog, Recipe recipe, PreparedData data, ArmTraining training, ModelStore store)
{
    /// <summary>The teacher of one seed; the caller disposes it.</summary>
    public Model Make(long seed, CancellationToken cancellationToken)
    {
        var section = recipe.Teacher ?? throw new DecantException("The recipe has no teacher.");
        Seeding.Start(seed, Seeding.TeacherWeights);
        var model = section.Load is { } path
            ? store.LoadTeacher(path, section.Model is { } choice ? catalog.CreateModel(choice, data.Context) : null)
            : catalog.CreateModel(section.Model!, data.Context);
        if (section.Train is not { } train)
            return model;
        try
        {
            training.Run(new Arm
            {
                Name = Arms.Teacher,
                Seed = seed,
                Purpose = Seeding.TeacherTraining,
                Model = model,
                Fit = train,
                Objectives = train.Objectives,
                Samples = data.Train,
            }, cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
