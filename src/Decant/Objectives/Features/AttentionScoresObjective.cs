using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>Options of <c>attention-scores</c>.</summary>
public sealed record AttentionScores : AttentionMapOptions;

/// <summary>Squared difference of attention scores before the softmax: per token the mean of (s − t)² over heads and over the keys that the token sees.</summary>
/// <remarks>Jiao et al. 2020 (TinyBERT), arXiv:1909.10351, eq. 7, there averaged over all pairs of a padded batch.</remarks>
internal sealed class AttentionScoresObjective : AttentionMapObjective
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Layers and heads.</param>
    /// <param name="context">The models with the attention that is compared.</param>
    /// <exception cref="DecantException">There are no such layers, or their heads do not fit.</exception>
    public AttentionScoresObjective(AttentionScores options, ObjectiveContext context) : base("attention-scores", options, context)
    {
    }

    private protected override Tensor PerToken(int pair, AttentionHeads heads, Tensor student, Tensor[] teachers, Tensor hidden)
    {
        var teacher = Weights.Mixed(pair, Array.ConvertAll(teachers, t => heads.Grouped(t).Mean(2)));               // [B, h, T, S]
        var squares = (heads.Grouped(student).Mean(2) - teacher).MaskedFill(hidden, 0).Square();                    // [B, h, T, S]
        var keys = hidden.Not().To(DType.Float32).Sum([1, 3]).Clamp(min: 1);                                        // [B, T]
        return squares.Sum([1, 3]) / (keys * heads.Common);
    }
}
