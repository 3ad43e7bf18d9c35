using Decant.Torch;

namespace Decant.Teachers.Ensembles;

/// <summary>What of several teachers' answers becomes one answer.</summary>
internal enum MixtureOf
{
    /// <summary>Probabilities at temperature 1: the mixture of the members.</summary>
    Probabilities,

    /// <summary>Logits: the normalised geometric mean of the members' probabilities.</summary>
    Logits,

    /// <summary>Vectors, which are not averaged: each divided by its length, one after the other. Their cosine is the mean of the members' cosines.</summary>
    Concatenation,
}

/// <summary>Makes one answer of several: z̄ = log Σ_k w_k·softmax(z_k), or z̄ = Σ_k w_k·z_k, or, of vectors, z̄ = [√w₁·z₁ ÷ ‖z₁‖ … √w_K·z_K ÷ ‖z_K‖].</summary>
/// <remarks>
/// The first is the logarithm of the mixture; its softmax is the mixture again: the answer of one teacher, at temperature 1, which objectives divide by their
/// temperature as they do with any other. The members are not tempered each: that would be another mean, and at another temperature another teacher than
/// the one that is measured. The second is, but for a constant, the logarithm of the normalised geometric mean of the members' probabilities, and commutes
/// with the temperature. Vectors of different models lie in different spaces, so they are set side by side: the cosine of two such vectors is Σ_k w_k·cos_k, as
/// several teachers are taken together in multi-teacher distillation of embeddings (Zhang et al. 2024, "Jasper and Stella", arXiv:2412.19048, there by concatenation too).
/// </remarks>
/// <param name="of">What becomes one.</param>
/// <param name="weights">How much each member counts; stays the caller's.</param>
internal sealed class Mixture(MixtureOf of, MemberWeights weights)
{
    private const double Shortest = 1e-12; // a vector of zeros stays one

    /// <summary>What becomes one.</summary>
    public MixtureOf Of => of;

    /// <summary>How much each member counts.</summary>
    public MemberWeights Weights => weights;

    /// <summary>The same of some of the members, each with its own weight.</summary>
    /// <param name="members">Which, by their places.</param>
    public Mixture OfMembers(IReadOnlyList<int> members) => new(of, weights is FixedWeights all ? all.Of(members) : weights);

    /// <summary>One answer of several.</summary>
    /// <param name="logits">K times [R, C]; of vectors [R, D_k].</param>
    /// <param name="labels">[R] int64, for weights that go by labels; null: they go by the answers alone.</param>
    /// <returns>[R, C] float32; of probabilities each row's exponentials sum to 1. Of vectors [R, Σ D_k], each row of length 1.</returns>
    public Tensor Answer(IReadOnlyList<Tensor> logits, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var scope = TensorScope.Open();
        if (of == MixtureOf.Concatenation)
            return scope.Keep(Concatenated(logits));
        var all = Tensor.Stack([.. logits.Select(l => l.To(DType.Float32))]);                        // [K, R, C]
        var log = all.LogSoftmax(2);
        var share = weights.Of(log, weights.UsesLabels ? labels : null).Unsqueeze(2);                // [K, R or 1, 1]
        return scope.Keep(of == MixtureOf.Probabilities ? log.Add(share.Log()).LogSumExp(0) : all.Mul(share).Sum(0));
    }

    private Tensor Concatenated(IReadOnlyList<Tensor> vectors)
    {
        var shares = weights.Of(Tensor.Zeros([vectors.Count, 1, 1], device: vectors[0].Device), null).Sqrt();  // [K, 1]
        return Tensor.Cat([.. vectors.Select((v, k) => Unit(v.To(DType.Float32)).Mul(shares.Narrow(0, k, 1)))], 1);

        static Tensor Unit(Tensor rows) => rows / rows.Norm([1], keep: true).Clamp(min: Shortest);
    }
}
