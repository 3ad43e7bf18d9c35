using System.ComponentModel;
using Decant.Models.Configuration;
using Decant.Teachers.Ensembles;

namespace Decant.Runs.Recipes.Schema;

/// <summary>One run, whole: the data, the teacher, the student, how the one teaches the other, and how the result is measured.</summary>
internal sealed record Recipe : RunRecipe
{
    /// <summary>The task; default: classification.</summary>
    [Description("task")]
    public ModelTask Task { get; init; } = ModelTask.Classification;

    /// <summary>The samples.</summary>
    [Description("data sources and splits")]
    public required DataSection Data { get; init; }

    /// <summary>What the models are given of a sample.</summary>
    [Description("input of the models")]
    public required InputSection Input { get; init; }

    /// <summary>The large model; null: the student learns without one.</summary>
    [Description("the teacher model, trained here or loaded")]
    public TeacherSection? Teacher { get; init; }

    /// <summary>Several large models of the same task that teach together, instead of <see cref="Teacher"/>; null: one, or none.</summary>
    [Description("an ensemble of teachers, instead of teacher")]
    public IReadOnlyList<MemberSection>? Teachers { get; init; }

    /// <summary>How their answers become one; null: the mean of their probabilities.</summary>
    [Description("how the predictions of several teachers are combined")]
    public EnsembleOptions? Ensemble { get; init; }

    /// <summary>Models between teacher and student, each taught by the one before, the student by the last; default: none.</summary>
    [Description("teacher assistants: models of intermediate size between teacher and student, each distilled from the previous one")]
    public IReadOnlyList<AssistantSection>? Assistants { get; init; }

    /// <summary>The small model.</summary>
    [Description("the student model")]
    public required StudentSection Student { get; init; }

    /// <summary>How the student learns.</summary>
    [Description("how the student is trained")]
    public required DistillSection Distill { get; init; }

    /// <summary>
    /// What else the student is compared with, one or several; null: all-labels where there is a control and labels are hidden from the student, and untrained for an
    /// embedding student that is a part of its teacher.
    /// </summary>
    [Description("further baselines, one or several; default: all-labels where labels are hidden from the student, and untrained for an embedding student initialized from its teacher")]
    [OneOrMore]
    public IReadOnlyList<BaselineKind>? Baseline { get; init; }

    /// <summary>The same recipe for <paramref name="count"/> seeds: those it has first, then the numbers that follow its largest.</summary>
    /// <param name="count">1 or more.</param>
    public Recipe WithSeeds(int count) => this with { Seed = null, Seeds = RecipeSeeds.Of(RunSeeds(), count) };
}
