using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Signals;

namespace Decant.Objectives.Sequence;

/// <summary>Options of <c>on-policy</c>.</summary>
public sealed record OnPolicy : TokenDivergenceOptions
{
    /// <summary>Options with the defaults: the reverse KL divergence over the whole vocabulary.</summary>
    public OnPolicy() => Divergence = TokenDivergence.Reverse;

    /// <summary>What of the vocabulary is compared; all of it.</summary>
    [Description("what is compared at each token: the whole vocabulary, the most probable tokens, or the written token alone")]
    public Granularity Granularity { get; init; } = Granularity.Full;

    /// <summary>k, how many tokens are compared with <see cref="Granularity.TopK"/>; 32.</summary>
    [Range(1, 1_000_000)]
    [Description("number of tokens that top-k compares")]
    public int K { get; init; } = 32;

    /// <summary>Whose most probable tokens <see cref="Granularity.TopK"/> takes; null: the student's with a reverse divergence, else the teacher's.</summary>
    [Description("whose most probable tokens top-k takes; default: the student's with a reverse divergence, else the teacher's")]
    public TopKOf? TopKOf { get; init; }

    /// <summary>What <see cref="Granularity.TopK"/> does with the rest of both distributions; one bucket.</summary>
    [Description("what top-k does with all other tokens; only bucket makes a divergence that is never negative and knows of them")]
    public TailRule Tail { get; init; } = TailRule.Bucket;

    /// <summary>How <see cref="Granularity.Sampled"/> estimates the divergence; with low variance.</summary>
    [Description("estimator of the divergence from the written token alone")]
    public SampledEstimator Estimator { get; init; } = SampledEstimator.LowVariance;

    /// <summary>Where <see cref="Granularity.Sampled"/> takes its gradient from; the score function.</summary>
    [Description("gradient of sampled: advantage (score function, unbiased) or loss (through the estimate itself)")]
    public SampledGradient Gradient { get; init; } = SampledGradient.Advantage;

    /// <summary>
    /// γ: each written token is also held to account for the divergence of those after it, each weighing γ times the one before, through the score function. 0, the default: not at all, the gradient
    /// is that of each token given those before it. 1: the gradient of the divergence of whole texts.
    /// </summary>
    [Range(0.0, 1.0)]
    [Description("discount of the divergence of later tokens that a written token answers for; 0: none, 1: the gradient of the divergence of whole texts")]
    public double Future { get; init; }

    /// <summary>Divides what a token answers for by how many tokens come after it; false.</summary>
    [Description("divide the divergence of later tokens by their number")]
    public bool LengthNormalized { get; init; }

    /// <summary>Subtracts the mean over the other texts of the batch from what multiplies the score function: less variance, the same expectation; false.</summary>
    [Description("subtract the mean over the other texts of the batch from the advantages")]
    public bool Center { get; init; }

    /// <summary>Subtracts the batch's mean from what multiplies the score function and divides by the batch's standard deviation; false.</summary>
    [Description("standardize the advantages over the batch; changes the expected gradient's length")]
    public bool Whiten { get; init; }

    /// <summary>Corrects for texts that were drawn from another distribution than the student's; none.</summary>
    [Description("importance weights for texts drawn from another distribution than the student's: of each token, or of all tokens up to it")]
    public ImportanceWeights Importance { get; init; } = ImportanceWeights.None;

    /// <summary>The largest importance weight; null: no limit. A limit makes the weights biased and their variance finite.</summary>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    [Description("largest importance weight; absent: no limit")]
    public double? ImportanceClip { get; init; }

    /// <summary>What counts alike: every token, or every text; tokens.</summary>
    [Description("mean over all tokens (long texts weigh more), or over texts of their means, within a batch")]
    public MeanOver MeanOver { get; init; } = MeanOver.Tokens;

    /// <summary>Whose texts it learns from; null: all, and with <see cref="Granularity.Sampled"/> the student's.</summary>
    [Description("whose texts count; default: all, and with sampled the student's")]
    public TextsOf? Texts { get; init; }
}

/// <summary>How teacher (p) and student (q) are compared.</summary>
public enum TokenDivergence
{
    /// <summary>KL(p ‖ q).</summary>
    Forward,

    /// <summary>KL(q ‖ p).</summary>
    Reverse,

    /// <summary>β·KL(p ‖ M) + (1 − β)·KL(q ‖ M), M = β·p + (1 − β)·q.</summary>
    JensenShannon,

    /// <summary>KL(p ‖ λ·p + (1 − λ)·q).</summary>
    SkewForward,

    /// <summary>KL(q ‖ (1 − λ)·p + λ·q).</summary>
    SkewReverse,
}

/// <summary>What of the vocabulary is compared.</summary>
public enum Granularity
{
    /// <summary>All of it: the exact divergence of the next token.</summary>
    Full,

    /// <summary>The k most probable tokens, and what <see cref="TailRule"/> says of the others.</summary>
    TopK,

    /// <summary>The token that was written.</summary>
    Sampled,
}

/// <summary>Whose most probable tokens are compared.</summary>
public enum TopKOf
{
    /// <summary>The teacher's.</summary>
    Teacher,

    /// <summary>The student's.</summary>
    Student,
}

/// <summary>How a divergence is estimated from a token y drawn from the student; r = p(y) ÷ q(y), and D = E[f(r)], such as f = −log r of the reverse KL divergence.</summary>
public enum SampledEstimator
{
    /// <summary>f(r) − f′(1)·(r − 1): unbiased and never negative; of the reverse KL divergence (r − 1) − log r.</summary>
    LowVariance,

    /// <summary>f(r): unbiased; of the reverse KL divergence log q − log p.</summary>
    LogRatio,

    /// <summary>½·(log r)², of the reverse KL divergence alone: biased in value, and of an unbiased gradient as a loss.</summary>
    Squared,
}

/// <summary>Where the gradient of an estimate comes from.</summary>
public enum SampledGradient
{
    /// <summary>A·∇log q(y), where A is no part of the graph: in expectation the gradient of the divergence.</summary>
    Advantage,

    /// <summary>The gradient of the estimate itself through log q(y): of <see cref="SampledEstimator.Squared"/> in expectation that of the reverse KL divergence, of the low-variance one of the reverse KL divergence that of the forward one.</summary>
    Loss,
}

/// <summary>How texts are weighted that were drawn from another distribution.</summary>
public enum ImportanceWeights
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each token by q ÷ the probability with which it was drawn, whatever stands before it.</summary>
    Token,

    /// <summary>Each token by the product of these ratios up to it: exact, and of a variance that grows with the length.</summary>
    Prefix,
}

/// <summary>What counts alike.</summary>
public enum MeanOver
{
    /// <summary>Every token.</summary>
    Tokens,

    /// <summary>Every text.</summary>
    Texts,
}

/// <summary>Whose texts count.</summary>
public enum TextsOf
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those of the data.</summary>
    Data,

    /// <summary>Those that the teacher wrote.</summary>
    Teacher,

    /// <summary>Those that the student wrote.</summary>
    Student,
}
