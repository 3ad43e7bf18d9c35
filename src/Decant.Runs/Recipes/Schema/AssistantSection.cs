using System.ComponentModel;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A model between teacher and student (Mirzadeh 2020): it learns from the one before it, and teaches the one after it.</summary>
internal sealed record AssistantSection
{
    /// <summary>Its architecture, with random weights; this or <see cref="FromTeacher"/>.</summary>
    [Description("model architecture of the assistant")]
    [ChoiceOf(Sections.Model)]
    public ModelOptions? Model { get; init; }

    /// <summary>A part of the one before it, with that one's weights; this or <see cref="Model"/>.</summary>
    [Description("initialize the model from a part of the previous one")]
    public PartOfTeacher? FromTeacher { get; init; }

    /// <summary>How it learns; null: as the student does.</summary>
    [Description("training options; default: those of the student")]
    public DistillSection? Distill { get; init; }
}
