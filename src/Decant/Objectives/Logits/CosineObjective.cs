using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>cosine</c>.</summary>
public sealed record Cosine : RowObjectiveOptions
{
    /// <summary>Subtracts each row's mean first, which makes the cosine a correlation; false.</summary>
    [Description("subtract the mean of each sample's logits first, which makes it a correlation")]
    public bool Centre { get; init; }
}

/// <summary>Angle between the answers: per sample 1 − cos(z_s, z_t). No temperature; the length of an answer has no part.</summary>
/// <remarks>
/// A class that either model masks by −∞ has no part. Norms below 10⁻³ count as 10⁻³, so that the gradient stays bounded where the student says nothing; the
/// value is ½·‖ẑ_s − ẑ_t‖², ẑ = z ÷ max(‖z‖, 10⁻³), which is 1 − cos for longer ones and 0 with no gradient where both agree.
/// </remarks>
internal sealed class CosineObjective : IRowObjective
{
    private readonly bool _centre;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Whether rows are centred.</param>
    public CosineObjective(Cosine? options = null) => _centre = (options ?? new()).Checked().Centre;

    /// <inheritdoc/>
    public string Kind => "cosine";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <inheritdoc/>
    public bool IsRowwise => true;

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights = null)
    {
        if (batch.Rows == 0)
            return LossSum.Nothing();
        var (s, t) = TeacherLogits.Logits(student, teacher);
        using var scope = TensorScope.Open();
        var isMasked = s.Minimum(t).EqualTo(double.NegativeInfinity);                                               // [B, C]
        var rows = Directions.Distance(Taken(s, isMasked), Taken(t.Detach(), isMasked), -1);                        // [B]
        return new(scope.Keep((rowWeights is null ? rows : rows * rowWeights).Sum()), batch.Rows);
    }

    private Tensor Taken(Tensor logits, Tensor isMasked)
    {
        var taken = logits.MaskedFill(isMasked, 0);                                                                 // [B, C]
        if (!_centre)
            return taken;
        var classes = isMasked.Not().To(DType.Float32).Sum(-1, keep: true).Clamp(min: 1);                           // [B, 1]
        return (taken - taken.Sum(-1, keep: true) / classes).MaskedFill(isMasked, 0);
    }
}
