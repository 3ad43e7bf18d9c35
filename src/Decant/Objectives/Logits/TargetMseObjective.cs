using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>target-mse</c>.</summary>
public sealed record TargetMse : ObjectiveOptions;

/// <summary>Squared difference from the numbers that a regression's data wants: per sample Σ_c (z_s − y)² ÷ C. Samples without numbers do not count.</summary>
/// <remarks>Ordinary least squares; the numbers are taken as they are in the data, unscaled.</remarks>
internal sealed class TargetMseObjective : IObjective
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Its weight.</param>
    public TargetMseObjective(TargetMse? options = null) => (options ?? new TargetMse()).Checked();

    /// <inheritdoc/>
    public string Kind => "target-mse";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.None;

    /// <inheritdoc/>
    public bool IsRowwise => true;

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.LabelledCount;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        if (batch.LabelledCount == 0)
            return LossSum.Nothing();
        var answers = student.Logits.To(DType.Float32);                                                             // [R, C]
        var wanted = batch.Labels;                                                                                  // [R, C]
        if (wanted.DType != DType.Float32 || !wanted.Shape.AsSpan().SequenceEqual(answers.Shape))
        {
            throw new DecantException(
                $"{Kind}: the student answers with [{string.Join(", ", answers.Shape)}], and the data wants {wanted.DType} of shape [{string.Join(", ", wanted.Shape)}]. " +
                "It is for regressions: give the source a 'target', and the model as many outputs.");
        }

        var missing = wanted.NotEqualTo(wanted);                                                                    // not a number is not itself
        return new((answers - wanted).MaskedFill(missing, 0).Square().Sum() / answers.Size(-1), batch.LabelledCount);
    }
}
