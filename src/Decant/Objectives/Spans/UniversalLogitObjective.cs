using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Spans;

/// <summary>Options of <c>universal-logit</c>.</summary>
public sealed record UniversalLogit : ObjectiveOptions;

/// <summary>
/// Universal logit distillation: Σ |p₍ᵢ₎ − q₍ᵢ₎| of both models' probabilities, each sorted from the largest down, the shorter filled up with zeros: which token has a probability does not count, so that the vocabularies may be any two.
/// </summary>
/// <remarks>
/// Boizard et al. 2024, arXiv:2402.12030, with the Wasserstein distance for equal costs. There the rows are paired by their number; here by the text: at places where tokens of both end. Of a teacher with the same tokenizer, row by row.
/// </remarks>
internal sealed class UniversalLogitObjective : IObjective
{
    /// <inheritdoc/>
    public string Kind => "universal-logit";

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
        var (p, q) = Compared(student, teacher);
        if (q.Size(0) == 0)
            return new(scope.Keep(SpanProbabilities.NoSpans(student.Logits)), batch.Rows);
        var width = Math.Max(p.Size(-1), q.Size(-1));
        return new(scope.Keep((Filled(q, width) - Filled(p, width)).Abs().Sum()), batch.Rows);
    }

    private static (Tensor Teacher, Tensor Student) Compared(StudentOutput student, TeacherSignal? teacher)
    {
        var own = student.Logits.To(DType.Float32);
        return teacher switch
        {
            OtherTokenLogits { Spans: var spans } other => (Sorted(AtStarts(other.Logits.To(DType.Float32), spans.Teacher)), Sorted(AtStarts(own, spans.Student))),
            DenseLogits { Logits: var logits } when logits.Size(0) == own.Size(0) => (Sorted(logits.To(DType.Float32).Detach()), Sorted(own)),
            _ => throw new InvalidOperationException($"This objective needs the teacher's logits of the same rows; {teacher?.GetType().Name ?? "no signal"} came. Compare IObjective.WhyNot with ITeacher.Offer first."),
        };
    }

    private static Tensor AtStarts(Tensor logits, SpanSide side) => logits.IndexSelect(0, Tensor.From([.. side.Starts.Select(at => side.Rows[(int)at])], logits.Device));

    private static Tensor Sorted(Tensor logits) => logits.Softmax(-1).Sort(-1, descending: true).Values;

    private static Tensor Filled(Tensor rows, long width) => rows.Size(-1) == width ? rows : Tensor.Cat([rows, Tensor.Zeros([rows.Size(0), width - rows.Size(-1)], device: rows.Device)], -1);
}
