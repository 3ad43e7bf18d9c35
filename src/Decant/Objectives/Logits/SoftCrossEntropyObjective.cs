using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>soft-cross-entropy</c>.</summary>
public sealed record SoftCrossEntropy : DivergenceOptions;

/// <summary>
/// Cross-entropy with the teacher: per sample τ²·Σ p·(−log q), p = softmax(z_t ÷ τ), q = softmax(z_s ÷ τ): <c>soft-targets</c> and the teacher's entropy, with the same gradient. Where of p some
/// classes alone are known, as drawn ones, the sum is over them, and q is the student's over all.
/// </summary>
/// <remarks>Hinton, Vinyals, Dean 2015, arXiv:1503.02531, §2; of drawn classes Anshumann and others 2025, arXiv:2503.16870. With the largest classes and no more it can be below the teacher's entropy.</remarks>
internal sealed class SoftCrossEntropyObjective : Divergence
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public SoftCrossEntropyObjective(SoftCrossEntropy? options = null) : base(options ?? new())
    {
    }

    /// <inheritdoc/>
    public override string Kind => "soft-cross-entropy";

    /// <inheritdoc/>
    public override LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights = null)
    {
        if (teacher is not SparseProbabilities sparse)
            return base.Compute(student, teacher, batch, rowWeights);
        if (batch.Rows == 0)
            return LossSum.Nothing();
        TeacherLogits.RequireClasses(student, sparse.Classes);
        using var scope = TensorScope.Open();
        var logQ = (student.Logits.To(DType.Float32) / sparse.Temperature).LogSoftmax(-1).Gather(-1, sparse.Ids);   // [R, M]
        var rows = Rows(sparse.Probabilities, logQ);                                                                // [R]
        if (rowWeights is not null)
            rows *= rowWeights;
        return new(scope.Keep(rows.Sum() * (IsScaled ? sparse.Temperature * sparse.Temperature : 1)), batch.Rows);
    }

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => Rows(logP.Exp(), logQ);

    private protected override string? WhyNot(TeacherOffer offer) =>
        offer.Kinds.HasFlag(SignalKinds.SparseProbabilities) ? WhyNotAt(offer.Temperature) : base.WhyNot(offer);

    // A class with p = 0 has no part, whatever the student's logit is.
    private static Tensor Rows(Tensor p, Tensor logQ) => -(p * logQ.MaskedFill(p.EqualTo(0), 0)).Sum(-1);
}
