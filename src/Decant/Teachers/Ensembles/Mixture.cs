using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>What of several teachers' answers is averaged.</summary>
internal enum MixtureOf
{
    /// <summary>Probabilities at temperature 1: the mixture of the members.</summary>
    Probabilities,

    /// <summary>Logits: the normalised geometric mean of the members' probabilities.</summary>
    Logits,
}

/// <summary>Makes one answer of several: z̄ = log Σ_k w_k·softmax(z_k), or z̄ = Σ_k w_k·z_k.</summary>
/// <remarks>
/// The first is the logarithm of the mixture; its softmax is the mixture again: the answer of one teacher, at temperature 1, which objectives divide by their
/// temperature as they do with any other. The members are not tempered each: that would be another mean, and at another temperature another teacher than
/// the one that is measured. The second is, but for a constant, the logarithm of the normalised geometric mean of the members' probabilities, and commutes
/// with the temperature.
/// </remarks>
/// <param name="of">What is averaged.</param>
/// <param name="weights">How much each member counts; stays the caller's.</param>
internal sealed class Mixture(MixtureOf of, MemberWeights weights)
{
    /// <summary>What is averaged.</summary>
    public MixtureOf Of => of;

    /// <summary>How much each member counts.</summary>
    public MemberWeights Weights => weights;

    /// <summary>One answer of several.</summary>
    /// <param name="logits">K times [R, C].</param>
    /// <param name="labels">[R] int64, for weights that go by labels; null: they go by the answers alone.</param>
    /// <returns>[R, C] float32; of probabilities each row's exponentials sum to 1.</returns>
    public Tensor Answer(IReadOnlyList<Tensor> logits, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = TensorScope.Open();
        var all = Tensor.Stack([.. logits.Select(l => l.To(DType.Float32))]);                        // [K, R, C]
        var log = all.LogSoftmax(2);
        var share = weights.Of(log, weights.UsesLabels ? labels : null).Unsqueeze(2);                // [K, R or 1, 1]
        return scope.Keep(of == MixtureOf.Probabilities ? log.Add(share.Log()).LogSumExp(0) : all.Mul(share).Sum(0));
    }
}
