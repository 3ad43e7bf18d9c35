using System.ComponentModel;
using Decant.Teachers.Remote.Classifying;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A chat model that classifies texts from a prompt, and so is the teacher of a classification.</summary>
internal sealed record ChatSection : ChatAccess
{
    /// <summary>What it is asked, and how its answer becomes probabilities.</summary>
    [Description("what the model is asked, and how its answer becomes probabilities")]
    public ChatClassifierOptions Ask { get; init; } = new();

    /// <summary>Whether probabilities are calibrated on the labelled training samples that the student may see; default: true.</summary>
    [Description("calibrate the probabilities on the labelled training samples (one temperature)")]
    public bool Calibrate { get; init; } = true;
}
