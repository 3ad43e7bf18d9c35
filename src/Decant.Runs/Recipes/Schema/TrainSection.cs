using System.ComponentModel;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Training;

namespace Decant.Runs.Recipes.Schema;

/// <summary>How a model is trained without a teacher.</summary>
internal sealed record TrainSection : TrainingOptions
{
    /// <summary>The objectives; their weighted sum is minimized; default: the labels' cross-entropy.</summary>
    [Description("objectives; their weighted sum is minimized")]
    [ChoiceOf(Sections.Objective)]
    public IReadOnlyList<ObjectiveOptions> Objectives { get; set; } = [new Labels()];
}
