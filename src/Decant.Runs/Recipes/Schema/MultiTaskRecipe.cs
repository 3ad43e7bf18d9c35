using System.ComponentModel;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A run of several tasks: each has its data, its teacher and its objectives; one student learns all of them, with a trunk in common and a head for each.</summary>
/// <remarks>Every task is an ordinary recipe too, <see cref="Of"/>: its data is prepared, its teacher trained and its models measured as such a recipe says.</remarks>
internal sealed record MultiTaskRecipe : RunRecipe
{
    /// <summary>What the student learns, two tasks or more.</summary>
    [Description("the tasks, two or more, each with its data, teacher and objectives")]
    public required IReadOnlyList<TaskSection> Tasks { get; init; }

    /// <summary>The models' input per sample, for every task; a tokenizer is trained on the texts of all.</summary>
    [Description("input of the models, the same for all tasks")]
    public required InputSection Input { get; init; }

    /// <summary>The trunk; heads are made per task.</summary>
    [Description("the student model: a trunk shared by all tasks and a head per task")]
    public required StudentSection Student { get; init; }

    /// <summary>How the student learns.</summary>
    [Description("how the student is trained on all tasks")]
    public required MultiTaskDistillSection Distill { get; init; }

    /// <summary>Whether each task is distilled alone too, into a student of its own with as many updates, to say what sharing cost; on unless switched off.</summary>
    [Description("also distil each task into a student of its own, for comparison")]
    public bool SingleTask { get; init; } = true;

    /// <summary>What else the student is compared with: all-labels or none; null: all-labels where there is a control and labels of a task are hidden from the student.</summary>
    [Description("further baseline, all-labels or none; default: all-labels where labels of a task are hidden from the student")]
    [OneOrMore]
    public IReadOnlyList<BaselineKind>? Baseline { get; init; }

    /// <summary>The same recipe for <paramref name="count"/> seeds: those it has first, then the numbers that follow its largest.</summary>
    /// <param name="count">1 or more.</param>
    public MultiTaskRecipe WithSeeds(int count) => this with { Seed = null, Seeds = RecipeSeeds.Of(RunSeeds(), count) };

    /// <summary>A task as a recipe of its own: what a student that learns it alone would be distilled by.</summary>
    /// <param name="task">One of <see cref="Tasks"/>.</param>
    public Recipe Of(TaskSection task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new Recipe
        {
            Name = $"{Name}/{task.Name}",
            About = About,
            Task = task.Task,
            Seed = Seed,
            Seeds = Seeds,
            Threads = Threads,
            Device = Device,
            ThreadAllocation = ThreadAllocation,
            Data = task.Data,
            Input = task.Task != ModelTask.TokenClassification && Tasks.Any(t => t.Task == ModelTask.TokenClassification) ? Input with { UntokenizedWords = null } : Input,
            Teacher = task.Teacher,
            Student = Student,
            Distill = Distill.With(task),
            Control = Control,
            Baseline = new ValueList<BaselineKind>([BaselineKind.None]), // that of all tasks together stands beside this
            Evaluate = Evaluate,
            Export = Export,
            Checkpoints = Checkpoints,
        };
    }
}
