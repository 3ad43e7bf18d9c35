using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Objectives.Temperatures;
using Decant.Torch;

namespace Decant.Objectives.SampleWeights;

/// <summary>The weight of a sample, by its teacher's confidence: uncertain + (confident − uncertain)·s, s from 0 (all classes alike) to 1 (one class alone).</summary>
/// <remarks>The objective is divided by the number of samples all the same, and not by the sum of the factors: a batch of which the teacher is uncertain weighs less.</remarks>
[Form("entropy", typeof(EntropyWeight))]
[Form("confidence", typeof(ConfidenceWeight))]
public abstract record SampleWeight
{
    private protected SampleWeight()
    {
    }

    /// <summary>The weight of a sample of which the teacher is fully confident: one class has probability 1.</summary>
    [Range(0.0, 1e6)]
    [Description("weight of a sample whose teacher is fully confident (one class has probability 1)")]
    public required double Confident { get; init; }

    /// <summary>The weight of a sample of which the teacher is fully uncertain: all classes alike.</summary>
    [Range(0.0, 1e6)]
    [Description("weight of a sample whose teacher is fully uncertain (all classes alike)")]
    public required double Uncertain { get; init; }

    /// <summary>The factors of all rows [R].</summary>
    /// <param name="teacherLogits">[R, C] float32, no part of the graph.</param>
    internal Tensor Of(Tensor teacherLogits) => (ConfidenceOf(teacherLogits) * (Confident - Uncertain) + Uncertain).Reshape(-1);

    /// <summary>s of every row [R, 1].</summary>
    private protected abstract Tensor ConfidenceOf(Tensor teacherLogits);
}

/// <summary>By the teacher's entropy: s = 1 − H(p) ÷ ln C, at τ = 1.</summary>
public sealed record EntropyWeight : SampleWeight
{
    private protected override Tensor ConfidenceOf(Tensor teacherLogits) => TeacherConfidence.ByEntropy(teacherLogits);
}

/// <summary>By the probability of the teacher's most probable class: s = (max p − 1 ÷ C) ÷ (1 − 1 ÷ C), at τ = 1.</summary>
public sealed record ConfidenceWeight : SampleWeight
{
    private protected override Tensor ConfidenceOf(Tensor teacherLogits) => TeacherConfidence.ByConfidence(teacherLogits);
}
