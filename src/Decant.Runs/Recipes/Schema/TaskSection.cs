using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Training;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One task of several: what is trained, on which samples and with which teacher.</summary>
internal sealed record TaskSection
{
    /// <summary>Its name, in reports and as a folder: lowercase letters, digits, hyphens.</summary>
    [Description("name, in reports and as a folder: lowercase letters, digits and hyphens")]
    public required string Name { get; init; }

    /// <summary>The task: classification, token-classification or regression; default: classification.</summary>
    [Description("classification, token-classification or regression")]
    public ModelTask Task { get; init; } = ModelTask.Classification;

    /// <summary>Its samples.</summary>
    [Description("data sources and splits of the task")]
    public required DataSection Data { get; init; }

    /// <summary>Its teacher.</summary>
    [Description("the teacher model of the task, trained here or loaded")]
    public required TeacherSection Teacher { get; init; }

    /// <summary>What is minimised on its samples, as a weighted sum.</summary>
    [Description("objectives on the samples of the task; their weighted sum is minimized")]
    [ChoiceOf(Sections.Objective)]
    public required IReadOnlyList<ObjectiveOptions> Objectives { get; init; }

    /// <summary>How the weighted objectives are combined; default: their sum.</summary>
    [Description("combination of the weighted objectives: sum, or convex (weights from 0 to 1 that must sum to 1)")]
    public Balance Combination { get; init; } = Balance.Sum;

    /// <summary>What the task's objectives are multiplied by, after <see cref="Balance"/>; default: 1.</summary>
    [Description("weight of the task in the total loss")]
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double Weight { get; init; } = 1;
}

/// <summary>How one student learns several tasks.</summary>
internal sealed record MultiTaskDistillSection : TrainingOptions
{
    /// <summary>The sampling of the tasks' batches; default: in proportion to their training samples. An epoch has as many batches as all tasks together.</summary>
    [Description("sampling of the tasks' batches")]
    public TaskSampling TaskSampling { get; init; } = TaskSampling.Proportional;

    /// <summary>With annealed sampling, the exponent of the tasks' sizes in the last epoch; null: 0.2.</summary>
    [Description("for annealed sampling: the exponent of the data-set sizes in the last epoch; default: 0.2")]
    [Range(0.0, 1.0)]
    public double? AnnealTo { get; init; }

    /// <summary>The section of a recipe that learns one task alone.</summary>
    internal DistillSection With(TaskSection task)
    {
        var section = Activator.CreateInstance<DistillSection>();
        foreach (var property in typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            property.SetValue(section, property.GetValue(this));
        return section with { Objectives = task.Objectives, Combination = task.Combination };
    }
}

/// <summary>How often each task's turn comes: in proportion to nᵃ, n its training samples in batches.</summary>
internal enum TaskSampling
{
    /// <summary>a = 1: an epoch goes through every task's samples once.</summary>
    Proportional,

    /// <summary>a = ½: small tasks come more often.</summary>
    SquareRoot,

    /// <summary>a falls from 1 in the first epoch to <see cref="MultiTaskDistillSection.AnnealTo"/> in the last (Stickland and Murray 2019).</summary>
    Annealed,
}
