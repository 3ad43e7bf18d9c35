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

    /// <summary>A factor per class, at least 0, in the order of the classes; null: all 1.</summary>
    [Description("a factor per class, in the order of the classes")]
    public IReadOnlyList<double>? ClassWeights { get; init; }
}

/// <summary>
/// Cross-entropy with the labels: per sample −(1 − ε)·w_y·log q(y) − (ε ÷ C)·Σ_c w_c·log q(c), q = softmax(z_s).
/// Samples without a label do not count.
/// </summary>
/// <remarks>
/// Label smoothing after Szegedy et al. 2016, arXiv:1512.00567, §7. Deviation from PyTorch's mean: the sum is divided by the number of samples, not by the sum of
/// their class weights, so that a weight means the same in every batch.
/// </remarks>
public sealed class Labels : IObjective
{
    private const long Sum = 2;
    private static readonly Operator s_crossEntropy = new("aten::cross_entropy_loss");

    private readonly double _smoothing;
    private readonly float[]? _classWeights;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Smoothing and class weights.</param>
    /// <exception cref="DecantException">The smoothing is out of range, or a class weight is negative or not finite.</exception>
    public Labels(LabelsOptions? options = null)
    {
        options = (options ?? new LabelsOptions()).Checked();
        _smoothing = options.LabelSmoothing;
        _classWeights = options.ClassWeights?.Select(w => (float)w).ToArray();
        if (_classWeights is { } weights && Array.FindIndex(weights, w => !float.IsFinite(w) || w < 0) is >= 0 and var wrong)
            throw new DecantException($"{Kind}: class weights are finite and at least 0; the one of class {wrong} is {weights[wrong]}.");
    }

    /// <inheritdoc/>
    public string Kind => "labels";

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
        var logits = student.Logits.To(DType.Float32);                                                              // [B, C]
        return new(s_crossEntropy.Call(logits, batch.Labels, ClassWeights(logits), Sum, Batch.NoLabel, _smoothing), batch.LabelledCount);
    }

    private Tensor? ClassWeights(Tensor logits)
    {
        if (_classWeights is null)
            return null;
        if (_classWeights.Length != logits.Size(-1))
            throw new DecantException($"{Kind}: {_classWeights.Length} class weights are given, and the student has {logits.Size(-1)} classes. Give one per class, in their order.");
        return Tensor.From(_classWeights).To(logits.Device);                                                        // [C]
    }
}
