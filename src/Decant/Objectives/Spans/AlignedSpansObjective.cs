using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Objectives.Sequence;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Spans;

/// <summary>
/// The divergence of a teacher with another vocabulary: the text is cut into the smallest parts that both models say with whole tokens, and where such a span begins they are compared in the same partition of all
/// that may follow: the span itself, whose probability is the product of its tokens', and the first bytes (or the shared tokens) of all else. Of a teacher with the same tokens it is the divergence at each token.
/// </summary>
/// <remarks>
/// Spans by offsets of the text, with the probabilities of merged tokens multiplied: Patiño et al. 2025 (GOLD, in TRL); the partition is Decant's own. It is a divergence of two distributions: never negative, and 0 where both models agree.
/// Summed over spans, and divided by the student's tokens. What a span's tokens are given is the text before it, in each model's own tokens.
/// </remarks>
internal sealed class AlignedSpansObjective : IObjective
{
    private readonly AlignedSpans _options;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">All of them.</param>
    /// <exception cref="DecantException">One is out of range.</exception>
    public AlignedSpansObjective(AlignedSpans? options = null) => _options = (options ?? new()).Checked();

    /// <inheritdoc/>
    public string Kind => "aligned-spans";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <inheritdoc/>
    bool IObjective.NeedsEqualOutputs => false;

    /// <inheritdoc/>
    string? IObjective.WhyNot(TeacherOffer offer) => (offer.Kinds & (SignalKinds.DenseLogits | SignalKinds.OtherTokens)) != 0 ? null : offer.Lacks(Needs);

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        if (batch.Rows == 0)
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        if (teacher is not OtherTokenLogits { Logits: var logits, Spans: var spans })
        {
            var (own, of) = TeacherLogits.Logits(student, teacher);
            return new(scope.Keep(TokenDivergences.OfRows(_options, Warm(of.Detach()).LogSoftmax(-1), Warm(own).LogSoftmax(-1)).Sum()), batch.Rows);
        }

        if (spans.Count == 0)
            return new(scope.Keep(SpanProbabilities.NoSpans(student.Logits)), batch.Rows);
        var p = new SpanProbabilities(_options.Events, spans, Warm(logits.To(DType.Float32)), isStudent: false).Logs();
        var q = new SpanProbabilities(_options.Events, spans, Warm(student.Logits.To(DType.Float32)), isStudent: true).Logs();
        return new(scope.Keep(TokenDivergences.OfRows(_options, p, q).Sum()), batch.Rows);
    }

    private Tensor Warm(Tensor logits) => _options.Temperature == 1 ? logits : logits / _options.Temperature;
}
