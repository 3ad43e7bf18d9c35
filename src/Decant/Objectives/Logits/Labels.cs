using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives;

/// <summary>Options of <c>labels</c>.</summary>
public sealed record LabelsOptions : ObjectiveOptions
{
    /// <summary>ε: the share of the target that is spread evenly over all classes; 0.</summary>
    [Range(0.0, 0.999)]
    [Description("share of the target spread over all classes")]
    public double LabelSmoothing { get; init; }

    /// <summary>A factor per class, in the order of the classes; null: all 1.</summary>
    [Description("a factor per class, in the order of the classes")]
    public IReadOnlyList<double>? ClassWeights { get; init; }
}

/// <summary>
/// Cross-entropy with the labels: per sample −w_y·[(1 − ε)·log q(y)] − (ε ÷ C)·Σ_c w_c·log q(c), q = softmax(z_s).
/// Samples without a label do not count.
/// </summary>
/// <remarks>
/// Label smoothing after Szegedy et al. 2016, arXiv:1512.00567, §7. Deviation from PyTorch's mean: the sum is divided by the number of samples, not by the sum of
/// their class weights, so that a weight means the same in every batch.
/// </remarks>
public sealed class Labels : IObjective, IDisposable
{
    private const long Sum = 2;
    private static readonly Operator s_crossEntropy = new("aten::cross_entropy_loss");

    private readonly double _smoothing;
    private readonly Tensor? _classWeights;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Smoothing and class weights.</param>
    public Labels(LabelsOptions? options = null)
    {
        options ??= new LabelsOptions();
        _smoothing = options.LabelSmoothing;
        if (options.ClassWeights is { } weights)
            _classWeights = TensorScope.Own(Tensor.From(weights.Select(w => (float)w).ToArray()));
    }

    /// <inheritdoc/>
    public string Kind => "labels";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.None;

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.LabelledCount;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        if (batch.LabelledCount == 0)
            return LossSum.Nothing();
        var logits = student.Logits.To(DType.Float32);                                                              // [B, C]
        return new(s_crossEntropy.Call(logits, batch.Labels, _classWeights, Sum, Batch.NoLabel, _smoothing), batch.LabelledCount);
    }

    /// <summary>Releases the class weights.</summary>
    public void Dispose() => _classWeights?.Dispose();
}
