using Decant.Data.Batching;
using Decant.Models.MultiTask;
using Decant.Modules;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Signals;

namespace Decant.Runs.Planning;

/// <summary>What a recipe of several tasks says of its arms. Each task's teacher, and the student that learns it alone, are those of the task's own recipe.</summary>
internal sealed class MultiTaskArms(Catalog catalog, MultiTaskRecipe recipe, PreparedTasks data)
{
    private const double LowestAlpha = 0.2; // Stickland and Murray 2019: α = 1 − 0.8·(e − 1) ÷ (E − 1)

    /// <summary>A joint student as student and control begin: the same weights for the same seed.</summary>
    public MultiTaskModel NewStudent(long seed)
    {
        Seeding.Start(seed, Seeding.StudentWeights);
        var models = new List<KeyValuePair<string, Model>>();
        try
        {
            for (var i = 0; i < data.Tasks.Count; i++)
                models.Add(KeyValuePair.Create(data.Tasks[i].Name, NewModel(data.Tasks[i], models.Count == 0 ? null : models[0].Value)));
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
        Tasks = [.. data.Tasks.Select((t, i) => Untaught(t) with { Teacher = teachers[i] })],
    };

    /// <summary>The same student, seed, order of tasks and number of updates, without the teachers.</summary>
    public MultiTaskArm Control(long seed, MultiTaskModel model) => Joint(Arms.Control, seed, model, recipe.ThreadAllocation.Control) with
    {
        Tasks = [.. data.Tasks.Select(t => new MultiTaskMember(t, t.Data.LabelledTransferSet, BatchesOf(t), null, LabelsOnly.Of(t.Alone.Task, [Stage.Only(t.Alone.Distill)]), Convex: false))],
    };

    /// <summary>Whether the same student is trained on all labels too: labels of a task are hidden, and the recipe has not switched it off.</summary>
    /// <exception cref="DecantException">The recipe asks for it, and no label is hidden.</exception>
    public bool HasAllLabels()
    {
        var areHidden = data.Tasks.Any(t => t.Data.HidesLabels);
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
    public Arm Single(PreparedTask task, long seed, Model model, ITeacher teacher, MultiTaskArm joint)
    {
        var batches = BatchesOf(task);
        var steps = (joint.BatchesPerTask()[data.Tasks.ToList().IndexOf(task)] + recipe.Distill.Accumulate - 1) / recipe.Distill.Accumulate;
        var stepsPerEpoch = ((long)batches + recipe.Distill.Accumulate - 1) / recipe.Distill.Accumulate;
        var arms = ArmsOf(task);
        var student = arms.Students[^1];
        return arms.Of(student, Stage.Only(student.Distill), seed, model, teacher) with
        {
            Name = Arms.Single,
            Task = task.Name,
            Budget = new Budget(batches, checked((int)((steps + stepsPerEpoch - 1) / stepsPerEpoch)), steps),
        };
    }

    /// <summary>What the student learns of a task, without its teacher.</summary>
    public MultiTaskMember Untaught(PreparedTask task) => new(task, task.Data.TransferSet, BatchesOf(task), null, task.Section.Objectives, task.Section.Combination == Balance.Convex);

    /// <summary>The arms of a task's own recipe.</summary>
    /// <param name="task">The task.</param>
    /// <param name="note">Gets a remark on what loading a teacher did; null: no remarks.</param>
    /// <param name="shared">Keeps a teacher that all seeds share; null: it is made when it is asked for.</param>
    public RecipeArms ArmsOf(PreparedTask task, Action<string>? note = null, SharedTeachers? shared = null) => new(catalog, task.Alone, task.Data, new ModelStore(task.Data, note), shared);

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
        var sizes = data.Tasks.Select(BatchesOf).ToArray();
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
