using System.ComponentModel;

namespace Decant.Objectives.Relations;

/// <summary>What every objective that compares the samples of a batch has in a recipe.</summary>
public abstract record RelationOptions : ObjectiveOptions
{
    /// <summary>The representation of a sample; one inner value of each model.</summary>
    [Description("representation of a sample: an inner value of each model, or the logits")]
    public RelationSource Representation { get; init; } = RelationSource.Features;

    /// <summary>The path of the student's value; null: what its head is applied to.</summary>
    [Description("module path of the student's value; default: the input of its head")]
    public string? Student { get; init; }

    /// <summary>The path of the teacher's value; null: what its head is applied to.</summary>
    [Description("module path of the teacher's value; default: the input of its head")]
    public string? Teacher { get; init; }

    /// <inheritdoc/>
    public override bool ReadsFeatures => Representation == RelationSource.Features;
}

/// <summary>What represents a sample where samples are compared.</summary>
public enum RelationSource
{
    /// <summary>One inner value of each model, by path.</summary>
    Features,

    /// <summary>The logits: for teachers that give nothing else.</summary>
    Logits,
}
