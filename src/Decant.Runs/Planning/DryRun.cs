using Decant.Data;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Makes every model of a recipe and runs one batch through every arm, so that a mismatch is reported before anything is written and the long work starts.</summary>
internal sealed class DryRun(Catalog catalog, Recipe recipe, PreparedData data)
{
    private readonly RecipeArms _arms = new(catalog, recipe, data, new ModelStore(data));
    private readonly long _seed = recipe.RunSeeds()[0];

    /// <summary>The teacher alone.</summary>
    public void Teacher()
    {
        _ = new TrainingMemory(catalog, recipe, data).Check(teacherOnly: true);
        using var model = _arms.NewTeacher(_seed);
        Teacher(model);
    }

    /// <summary>All arms.</summary>
    /// <returns>A remark on the memory that they may need; null: there is enough.</returns>
    public string? All()
    {
        CheckTuneBias();
        var memory = new TrainingMemory(catalog, recipe, data).Check();
        using var model = _arms.NewTeacher(_seed);
        Teacher(model);
        _arms.Visit(_seed, model, Try, Try);
        return memory;
    }

    private void Teacher(Model model)
    {
        Try(model);
        foreach (var own in _arms.Teachers(_seed, model).Select(t => t.Training).OfType<Arm>())
            Try(own);
    }

    private void CheckTuneBias()
    {
        if (recipe.Evaluate.TuneBias.FirstOrDefault(name => !data.Classes.Contains(name)) is { } unknown)
            throw new DecantException($"evaluate.tune-bias: '{unknown}' is not one of the {data.Classes.Count} classes ({ModelStore.Shown(data.Classes)}).");
    }

    /// <summary>One sample of each split: their images may be of different sizes.</summary>
    private void Try(Model model)
    {
        model.Eval();
        foreach (var split in new[] { data.Train, data.Validation, data.Test }.OfType<Dataset>())
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            using var batch = data.Collator.Collate([split[0]], seed: 0, epoch: 0);
            try
            {
                _ = model.Forward(batch.ToInput());
            }
            catch (DecantException error)
            {
                throw new DecantException($"{split.Where(0)}: {error.Message}", error.ExitCode, error);
            }
        }
    }

    private void Try(Arm arm)
    {
        using var plan = new ArmPlan(catalog, data, arm);
        using var loop = new TrainLoop(plan.Plan);
        using var batch = data.Collator.Collate([Labelled(arm.Samples)], seed: 0, epoch: 0);
        loop.DryRun(batch);
        SingleSampleCheck.Check(arm, plan.Plan, batch);
    }

    private static Sample Labelled(Dataset samples) => samples[Enumerable.Range(0, samples.Count).FirstOrDefault(samples.IsLabelled)];
}
