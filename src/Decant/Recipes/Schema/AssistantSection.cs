using System.ComponentModel;

namespace Decant.Recipes;

/// <summary>A model between teacher and student (Mirzadeh 2020): it learns from the one before it, and teaches the one after it.</summary>
public sealed record AssistantSection
{
    /// <summary>Its network, with drawn weights; this or <see cref="FromTeacher"/>.</summary>
    [Description("its network")]
    [ChoiceOf(Sections.Model)]
    public Choice? Model { get; init; }

    /// <summary>A part of the one before it, with that one's weights; this or <see cref="Model"/>.</summary>
    [Description("a part of the one before it, with that one's weights")]
    public FromTeacherSection? FromTeacher { get; init; }

    /// <summary>How it learns; null: as the student does.</summary>
    [Description("how it learns; as the student does unless said")]
    public DistillSection? Distill { get; init; }
}
