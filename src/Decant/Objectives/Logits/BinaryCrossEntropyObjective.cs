using System.ComponentModel;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>binary-cross-entropy</c>.</summary>
public sealed record BinaryCrossEntropy : ObjectiveOptions
{
    /// <summary>A factor per label of the part where a sample has it, more than 0, in the order of the labels: above 1 for labels that few samples have; null: all 1.</summary>
    [Description("weight of the samples that have a label against those that have not, per label, in the order of the labels; default: 1 for each")]
    public IReadOnlyList<double>? PositiveWeights { get; init; }
}

/// <summary>Cross-entropy of each label by itself, for samples with any number of labels: per sample −Σ_c (w_c·y·log σ(z) + (1 − y)·log(1 − σ(z))) ÷ C. Samples without labels do not count.</summary>
internal sealed class BinaryCrossEntropyObjective : IObjective
{
    private readonly IReadOnlyList<double>? _weights;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">The weights of what a sample has.</param>
    /// <exception cref="DecantException">A weight is 0 or less.</exception>
    public BinaryCrossEntropyObjective(BinaryCrossEntropy? options = null)
    {
        _weights = (options ?? new BinaryCrossEntropy()).Checked().PositiveWeights;
        if (_weights?.Any(weight => !(weight > 0) || !double.IsFinite(weight)) == true)
            throw new DecantException($"{Kind}: positive-weights are {string.Join(", ", _weights)}; each must be a finite number above 0.");
    }

    /// <inheritdoc/>
    public string Kind => "binary-cross-entropy";

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
        var logits = student.Logits.To(DType.Float32);                                                              // [R, C]
        var wanted = batch.Labels;                                                                                  // [R, C]: 1, 0, or not a number
        if (wanted.DType != DType.Float32 || !wanted.Shape.AsSpan().SequenceEqual(logits.Shape))
        {
            throw new DecantException(
                $"{Kind}: the student answers with [{string.Join(", ", logits.Shape)}], and the data wants {wanted.DType} of shape [{string.Join(", ", wanted.Shape)}]. " +
                "It is for samples with any number of labels: give the source 'labels', and the model as many outputs.");
        }

        var missing = wanted.NotEqualTo(wanted);                                                                    // not a number is not itself
        var known = wanted.MaskedFill(missing, 0);
        var present = known * logits.Neg().Softplus();                                                  // −y·log σ(z)
        if (_weights is { } weights)
            present = present * Weights(weights, logits);                                                           // [C]
        var losses = present + ((1 - known) * logits.Softplus());
        return new(losses.MaskedFill(missing, 0).Sum() / logits.Size(-1), batch.LabelledCount);
    }

    private Tensor Weights(IReadOnlyList<double> weights, Tensor logits) => weights.Count == logits.Size(-1)
        ? Tensor.From(weights.Select(weight => (float)weight).ToArray(), logits.Device)
        : throw new DecantException($"{Kind}: positive-weights has {weights.Count} numbers, and there are {logits.Size(-1)} labels; give one for each, in their order.");
}
