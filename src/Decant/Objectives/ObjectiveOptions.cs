using System.ComponentModel;
using Decant.Objectives.SampleWeights;

namespace Decant.Objectives;

/// <summary>What every objective has in a recipe.</summary>
public abstract record ObjectiveOptions
{
    /// <summary>Its plain factor in the total Σ wᵢ·Lᵢ, which may change over the training; 1.</summary>
    [Description("weight in the total loss")]
    public ScalarSchedule Weight { get; init; } = 1;

    /// <summary>Whether it reads inner values of the models, so that the teacher has to be asked for every batch.</summary>
    public virtual bool ReadsFeatures => false;
}

/// <summary>What objectives have that are sums over samples (or positions), each of which may count more or less.</summary>
public abstract record RowObjectiveOptions : ObjectiveOptions
{
    /// <summary>The weight of each sample, by its teacher's confidence; null: all alike.</summary>
    [Description("weight of each sample, by the teacher's confidence; absent: all alike")]
    public SampleWeight? SampleWeighting { get; init; }
}
