using System.ComponentModel;

namespace Decant.Objectives;

/// <summary>What every objective has in a recipe.</summary>
public abstract record ObjectiveOptions
{
    /// <summary>Its plain factor in the total Σ wᵢ·Lᵢ, which may change over the training; 1.</summary>
    [Description("its factor in the total loss")]
    public Course Weight { get; init; } = 1;

    /// <summary>Whether it reads inner values of the models, so that the teacher has to be asked for every batch.</summary>
    public virtual bool ReadsFeatures => false;
}
