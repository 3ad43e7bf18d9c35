using Decant.Torch;

namespace Decant.Signals;

/// <summary>The largest probabilities of a teacher's distribution in each row, and perhaps what all others have together.</summary>
/// <param name="Ids">[R, k] int64, different ones in a row; k at most C.</param>
/// <param name="LogProbabilities">[R, k] float32, of softmax(z ÷ τ) over all C classes.</param>
/// <param name="LogTail">[R] float32, the log of the mass of all others, −∞ where there is none; null: the k are taken for all there is, on both sides.</param>
/// <param name="Temperature">τ, at which they were kept.</param>
/// <param name="Classes">C, the classes or the vocabulary.</param>
internal sealed record TopLogProbabilities(Tensor Ids, Tensor LogProbabilities, Tensor? LogTail, double Temperature, int Classes) : TeacherSignal
{
    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => LogTail is null ? [Ids, LogProbabilities, .. base.Tensors] : [Ids, LogProbabilities, LogTail, .. base.Tensors];

    /// <inheritdoc/>
    public override TeacherSignal Rows(long first, long count) =>
        this with { Ids = Ids.Narrow(0, first, count), LogProbabilities = LogProbabilities.Narrow(0, first, count), LogTail = LogTail?.Narrow(0, first, count) };

    /// <summary>
    /// Both sides as logits over what is known: the k classes, and one more for all others. softmax(· ÷ τ) of them has the known probabilities, whatever is computed of it; without
    /// a tail at any temperature, with one at <see cref="Temperature"/>.
    /// </summary>
    /// <param name="studentLogits">[R, C] float32; the result is differentiable by it.</param>
    /// <returns>[R, k + 1] or [R, k], student and teacher.</returns>
    public (Tensor Student, Tensor Teacher) Compared(Tensor studentLogits)
    {
        var teacher = LogProbabilities * Temperature;                                                               // [R, k]
        var student = studentLogits.Gather(-1, Ids);                                                                // [R, k]
        if (LogTail is null || Ids.Size(-1) >= Classes)
            return (student, teacher);
        // The sum over the others themselves: one less the k would be lost to rounding where little is left.
        var others = (studentLogits / Temperature).Scatter(-1, Ids, double.NegativeInfinity).LogSumExp(-1, keep: true); // [R, 1]
        return (Tensor.Cat([student, others * Temperature], -1), Tensor.Cat([teacher, LogTail.Unsqueeze(-1) * Temperature], -1));
    }
}
