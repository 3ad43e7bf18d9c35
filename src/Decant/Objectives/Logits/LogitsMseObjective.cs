using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>logits-mse</c>.</summary>
public sealed record LogitsMse : RowObjectiveOptions
{
    /// <summary>Subtracts each row's mean from both models' logits first, since logits are defined up to a constant only; false.</summary>
    [Description("subtract the mean of each sample's logits first")]
    public bool Centre { get; init; }
}

/// <summary>Squared difference of the logits: per sample Σ_c (z_s − z_t)² ÷ C. No temperature.</summary>
/// <remarks>Ba and Caruana 2014, arXiv:1312.6184, eq. 1, there without the factor 1 ÷ C.</remarks>
internal sealed class LogitsMseObjective : IRowObjective
{
    private readonly bool _centre;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Whether rows are centred.</param>
    public LogitsMseObjective(LogitsMse? options = null) => _centre = (options ?? new LogitsMse()).Checked().Centre;

    /// <inheritdoc/>
    public string Kind => "logits-mse";

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
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        var difference = studentLogits - teacherLogits;                                                             // [B, C]
        if (_centre)
            difference = difference - difference.Mean(-1, keep: true);
        var squares = difference.Square();                                                                          // [B, C]
        return new((rowWeights is null ? squares : squares * rowWeights.Unsqueeze(-1)).Sum() / difference.Size(-1), batch.Rows);
    }
}
