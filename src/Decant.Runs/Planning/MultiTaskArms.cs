using Decant.Data.Batching;
using Decant.Models.MultiTask;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;

namespace Decant.Runs.Planning;

/// <summary>What a recipe of several tasks says of its arms. Each task's teacher, and the student that learns it alone, are those of the task's own recipe.</summary>
internal sealed class MultiTaskArms(Catalog catalog, MultiTaskRecipe recipe, IReadOnlyList<PreparedTask> tasks)
{
    private const double LowestAlpha = 0.2; // Stickland and Murray 2019: α = 1 − 0.8·(e − 1) ÷ (E − 1)

    /// <summary>A joint student as student and control begin: the same weights for the same seed.</summary>
    public MultiTaskModel NewStudent(long seed)
    {
        Seeding.Start(seed, Seeding.StudentWeights);
        var models = new List<KeyValuePair<string, Model>>();
        try
        {
            for (var i = 0; i < tasks.Count; i++)
                models.Add(KeyValuePair.Create(tasks[i].Name!, NewModel(tasks[i], models.Count == 0 ? null : models[0].Value)));
            return new MultiTaskModel(models);
        }
        catch
        {
            foreach (var (_, model) in models)
                model.Dispose();
            throw;
        }
    }

    /// <summary>The student learns all tasks, each from its teacher.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="model">The student.</param>
    /// <param name="teachers">A teacher per task, in order.</param>
    public MultiTaskArm Student(long seed, MultiTaskModel model, IReadOnlyList<ITeacher> teachers) => Joint(Arms.Student, seed, model, recipe.ThreadAllocation.Student) with
    {
        Tasks = [.. tasks.Select((t, i) => Untaught(t) with { Teacher = teachers[i] })],
    };

    /// <summary>The same student, seed, order of tasks and number of updates, without the teachers.</summary>
    public MultiTaskArm Control(long seed, MultiTaskModel model) => Joint(Arms.Control, seed, model, recipe.ThreadAllocation.Control) with
    {
        Tasks = [.. tasks.Select(t => new MultiTaskMember(t, t.Data.LabelledTransferSet, BatchesOf(t), null, LabelsOnly.Of(t.Recipe.Task, [Stage.Only(t.Recipe.Distill)]), Convex: false))],
    };

    /// <summary>Whether the same student is trained on all labels too: labels of a task are hidden, and the recipe has not switched it off.</summary>
    /// <exception cref="DecantException">The recipe asks for it, and no label is hidden.</exception>
    public bool HasAllLabels()
    {
        var areHidden = tasks.Any(t => t.Data.HidesLabels);
        if (recipe.Baseline is null)
            return areHidden && recipe.Control;
        if (!recipe.Baseline.Contains(BaselineKind.AllLabels))
            return false;
        return areHidden ? true : throw new DecantException("baseline: 'all-labels' is for a student with hidden labels, and student and control have all labels of every task, so the control is that baseline already: leave it out.");
    }

    /// <summary>The control on all labels of every task.</summary>
    public MultiTaskArm AllLabels(long seed, MultiTaskModel model)
    {
        var control = Control(seed, model);
        return control with { Name = Arms.AllLabels, Tasks = [.. control.Tasks.Select(t => t with { Samples = t.Task.Data.Train.LabelledOnly() })] };
    }

    /// <summary>A student learns one task alone, with as many updates as the joint student makes on it.</summary>
    /// <param name="index">The number of the task, from 0.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="model">Its student.</param>
    /// <param name="teacher">Its teacher.</param>
    /// <param name="joint">The training of the joint student.</param>
    public Arm Single(int index, long seed, Model model, ITeacher teacher, MultiTaskArm joint)
    {
        var task = tasks[index];
        var batches = BatchesOf(task);
        var steps = (joint.BatchesPerTask()[index] + recipe.Distill.Accumulate - 1) / recipe.Distill.Accumulate;
        var stepsPerEpoch = ((long)batches + recipe.Distill.Accumulate - 1) / recipe.Distill.Accumulate;
        var arms = new RecipeArms(catalog, task.Recipe, task.Data);
        var student = arms.Students[^1];
        return arms.Of(student, Stage.Only(student.Distill), seed, model, teacher) with
        {
            Name = Arms.Single,
            Task = task.Name,
            Budget = new Budget(batches, checked((int)((steps + stepsPerEpoch - 1) / stepsPerEpoch)), steps),
        };
    }

    /// <summary>What the student learns of a task, without its teacher.</summary>
    public MultiTaskMember Untaught(PreparedTask task) => new(task, task.Data.TransferSet, BatchesOf(task), null, task.Recipe.Distill.Objectives, task.Recipe.Distill.Combination == Balance.Convex);

    private Model NewModel(PreparedTask task, Model? trunk)
    {
        try
        {
            var context = task.Data.Context with { LearnsFromTeacher = true };
            return trunk is null ? catalog.CreateModel(recipe.Student.Model!, context) : Catalog.CreateModelOn(recipe.Student.Model!, context, trunk);
        }
        catch (DecantException error)
        {
            throw new DecantException($"The student of the task {task.Name}: {error.Message}", error.ExitCode, error);
        }
    }

    private MultiTaskArm Joint(string name, long seed, MultiTaskModel model, string? cores)
    {
        var sizes = tasks.Select(BatchesOf).ToArray();
        var budget = Budget.Of(recipe.Distill, sizes.Sum());
        return new MultiTaskArm
        {
            Name = name,
            Seed = seed,
            Purpose = Seeding.StudentTraining,
            Model = model,
            Fit = recipe.Distill,
            Budget = budget,
            Cores = cores is null ? null : ThreadAllocation.Parse(cores),
            Tasks = [],
            Order = new TaskOrder(new TaskOrderOptions
            {
                Sizes = sizes,
                Alpha = recipe.Distill.TaskSampling == TaskSampling.SquareRoot ? 0.5 : 1,
                LastAlpha = recipe.Distill.TaskSampling switch
                {
                    TaskSampling.SquareRoot => 0.5,
                    TaskSampling.Annealed => recipe.Distill.AnnealTo ?? LowestAlpha,
                    _ => 1,
                },
                Epochs = budget.Epochs,
                Seed = Seeding.For(seed, Seeding.TaskOrder),
            }),
        };
    }

    private int BatchesOf(PreparedTask task) => task.Data.BatchesPerEpoch(task.Data.TransferSet, recipe.Distill);
}
