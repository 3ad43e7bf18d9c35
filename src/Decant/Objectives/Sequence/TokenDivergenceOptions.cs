using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Objectives.Sequence;

/// <summary>What objectives have that compare distributions of what follows in a text.</summary>
public abstract record TokenDivergenceOptions : ObjectiveOptions
{
    /// <summary>How teacher (p) and student (q) are compared at each token.</summary>
    [Description("divergence of teacher and student at each token")]
    public TokenDivergence Divergence { get; init; }

    /// <summary>β of <see cref="TokenDivergence.JensenShannon"/>: the teacher's share of the mixture; 0.5.</summary>
    [Range(0.0, 1.0)]
    [Description("weight of the teacher in the mixture of jensen-shannon; 0: forward, 1: reverse KL divergence")]
    public double Beta { get; init; } = 0.5;

    /// <summary>λ of the skewed divergences: the share of the first distribution that is mixed into the second one; 0.1.</summary>
    [Range(0.001, 0.999)]
    [Description("skew of skew-forward and skew-reverse: weight of the first distribution in the mixture")]
    public double Skew { get; init; } = 0.1;

    /// <summary>τ: divides both models' logits before the softmax; 1. Not the temperature of sampling.</summary>
    [Range(0.01, 1000.0)]
    [Description("softmax temperature of both models' logits in the loss; not that of sampling")]
    public double Temperature { get; init; } = 1;
}
