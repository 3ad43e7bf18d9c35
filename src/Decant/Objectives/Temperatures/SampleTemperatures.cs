using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Torch;

namespace Decant.Objectives.Temperatures;

/// <summary>A temperature of each sample's own, by its teacher's confidence: τ = uncertain + (confident − uncertain)·s, s from 0 (all classes alike) to 1 (one class alone).</summary>
public abstract record SampleTemperature : Temperature
{
    private protected SampleTemperature()
    {
    }

    /// <summary>τ of a sample of which the teacher is fully confident: high, to raise the other classes.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature of a sample whose teacher is fully confident (one class has probability 1)")]
    public required double Confident { get; init; }

    /// <summary>τ of a sample of which the teacher is fully uncertain.</summary>
    [Range(Lowest, Highest)]
    [Description("temperature of a sample whose teacher is fully uncertain (all classes alike)")]
    public required double Uncertain { get; init; }

    /// <summary>τ of every row [R, 1].</summary>
    /// <param name="teacherLogits">[R, C] float32, no part of the graph.</param>
    internal Tensor Of(Tensor teacherLogits) => ConfidenceOf(teacherLogits) * (Confident - Uncertain) + Uncertain;

    /// <summary>s of every row [R, 1].</summary>
    private protected abstract Tensor ConfidenceOf(Tensor teacherLogits);
}

/// <summary>By the teacher's entropy: s = 1 − H(p) ÷ ln C, at τ = 1.</summary>
public sealed record EntropyTemperature : SampleTemperature
{
    private protected override Tensor ConfidenceOf(Tensor teacherLogits) => TeacherConfidence.ByEntropy(teacherLogits);
}

/// <summary>By the probability of the teacher's most probable class: s = (max p − 1 ÷ C) ÷ (1 − 1 ÷ C), at τ = 1.</summary>
public sealed record ConfidenceTemperature : SampleTemperature
{
    private protected override Tensor ConfidenceOf(Tensor teacherLogits) => TeacherConfidence.ByConfidence(teacherLogits);
}
