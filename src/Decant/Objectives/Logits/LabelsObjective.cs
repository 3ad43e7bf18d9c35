using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>
/// Cross-entropy with the labels: per sample −(1 − ε)·w_y·log q(y) − (ε ÷ C)·Σ_c w_c·log q(c), q = softmax(z_s).
/// Samples without a label do not count.
/// </summary>
/// <remarks>
/// <para>Forms for classes of very different sizes: <c>focal</c>, −w_y·(1 − q(y))^γ·log q(y) (Lin et al. 2017, arXiv:1708.02002, eq. 5); <c>balanced-softmax</c>,
/// q = softmax(z_s + log n) (Ren et al. 2020, arXiv:2007.10740, eq. 3); <c>logit-adjusted</c>, q = softmax(z_s + τ·log(n ÷ N)) (Menon et al. 2021,
/// arXiv:2007.07314, eq. 10), n_c the samples of each class. The logits themselves stay as they are: nothing is added when the model is used.</para>
/// <para>Label smoothing after Szegedy et al. 2016, arXiv:1512.00567, §7. Deviation from PyTorch's mean: the sum is divided by the number of samples, not by the sum of
/// their class weights, so that a weight means the same in every batch.</para>
/// </remarks>
internal sealed class LabelsObjective : IRowObjective
{
    private const long Each = 0, Sum = 2;
    private const double DefaultGamma = 2;
    private static readonly Operator s_crossEntropy = new("aten::cross_entropy_loss");

    private readonly double _smoothing;
    private readonly float[]? _classWeights;
    private readonly double? _gamma;
    private readonly ClassPriors? _priors;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Smoothing, class weights, form.</param>
    /// <param name="context">How many samples each class has, where the form needs it.</param>
    /// <exception cref="DecantException">An option is out of range or belongs to another form, a class weight is negative or not finite, or the form needs classes.</exception>
    public LabelsObjective(Labels? options = null, ObjectiveContext? context = null)
    {
        options = (options ?? new Labels()).Checked();
        CheckForm(options);
        _smoothing = options.LabelSmoothing;
        _classWeights = options.ClassWeights?.Select(w => (float)w).ToArray();
        if (_classWeights is { } weights && Array.FindIndex(weights, w => !float.IsFinite(w) || w < 0) is >= 0 and var wrong)
            throw new DecantException($"{Kind}: class weights are finite and at least 0; the one of class {wrong} is {weights[wrong]}.");
        _gamma = options.Loss == LabelForm.Focal ? options.Gamma ?? DefaultGamma : null;
        _priors = options.Loss switch
        {
            LabelForm.BalancedSoftmax => new ClassPriors(context, 1, "balanced-softmax"),
            LabelForm.LogitAdjusted => new ClassPriors(context, options.Adjustment ?? 1, "logit-adjusted"),
            _ => null,
        };
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
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights = null)
    {
        if (batch.LabelledCount == 0)
            return LossSum.Nothing();
        var logits = student.Logits.To(DType.Float32);                                                              // [R, C]
        if (_priors is not null)
            logits = _priors.AddedTo(logits);
        return new(Of(logits, batch.Labels, rowWeights), batch.LabelledCount);
    }

    private Tensor Of(Tensor logits, Tensor labels, Tensor? rowWeights)
    {
        if (_gamma is { } gamma)
            return FocalLoss.Sum(logits, labels, ClassWeights(logits), rowWeights, gamma);
        if (_classWeights is null && RowLosses.Serve(logits))
        {
            var (losses, slopes) = RowLosses.CrossEntropy(logits, labels, Batch.NoLabel, _smoothing, rowWeights);
            return Autograd.WithGradients(losses.Sum(), [logits], [slopes]);
        }

        var loss = s_crossEntropy.Call(logits, labels, ClassWeights(logits), rowWeights is null ? Sum : Each, Batch.NoLabel, _smoothing);
        return rowWeights is null ? loss : (loss * rowWeights).Sum();
    }

    private Tensor? ClassWeights(Tensor logits)
    {
        if (_classWeights is null)
            return null;
        if (_classWeights.Length != logits.Size(-1))
            throw new DecantException($"{Kind}: {_classWeights.Length} class weights are given, and the student has {logits.Size(-1)} classes. Give one per class, in their order.");
        return Tensor.From(_classWeights, logits.Device);                                                        // [C]
    }

    private static void CheckForm(Labels options)
    {
        if (options is { Gamma: not null, Loss: not LabelForm.Focal })
            throw new DecantException("labels: 'gamma' belongs to 'loss: focal', and the loss is another; leave 'gamma' out, or say 'loss: focal'.");
        if (options is { Adjustment: not null, Loss: not LabelForm.LogitAdjusted })
            throw new DecantException("labels: 'adjustment' belongs to 'loss: logit-adjusted', and the loss is another; leave 'adjustment' out, or say 'loss: logit-adjusted'.");
        if (options is { LabelSmoothing: > 0, Loss: LabelForm.Focal })
            throw new DecantException("labels: 'label-smoothing' spreads the target over all classes, and 'loss: focal' looks at the label's alone; leave one of the two out.");
    }
}
