using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Batching;
using Decant.Objectives.SampleWeights;
using Decant.Signals;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>binary-soft-targets</c>.</summary>
public sealed record BinarySoftTargets : ObjectiveOptions
{
    /// <summary>τ: divides both models' logits before the sigmoid; 2.</summary>
    [Description("temperature of both models' logits")]
    [Range(0.01, 1000.0)]
    public double Temperature { get; init; } = 2;

    /// <summary>Multiplies by τ², so that the gradient does not shrink as τ grows; true.</summary>
    [Description("multiply the loss by the temperature squared")]
    public bool ScaleByTemperatureSquared { get; init; } = true;
}

/// <summary>
/// Kullback–Leibler divergence from the teacher's probability of each label by itself, for samples with any number of labels: per sample
/// τ²·Σ_c [p·log(p ÷ q) + (1 − p)·log((1 − p) ÷ (1 − q))] ÷ C, p = σ(z_t ÷ τ), q = σ(z_s ÷ τ). 0 where both agree. Every sample counts, labelled or not.
/// </summary>
/// <remarks>Its gradient is that of the binary cross-entropy with the teacher's probabilities, τ·(q − p) ÷ C for each logit.</remarks>
internal sealed class BinarySoftTargetsObjective : IObjective
{
    private readonly double _temperature;
    private readonly double _scale;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public BinarySoftTargetsObjective(BinarySoftTargets? options = null)
    {
        var own = (options ?? new BinarySoftTargets()).Checked();
        _temperature = own.Temperature;
        _scale = own.ScaleByTemperatureSquared ? _temperature * _temperature : 1;
    }

    /// <inheritdoc/>
    public string Kind => "binary-soft-targets";

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <inheritdoc/>
    public bool IsRowwise => true;

    /// <inheritdoc/>
    public long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        if (batch.Rows == 0)
            return LossSum.Nothing();
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        var (own, taught) = (studentLogits / _temperature, teacherLogits / _temperature);                           // [R, C]
        var p = taught.Sigmoid();
        // log(p ÷ q) = log(1 + exp(−z_s)) − log(1 + exp(−z_t)), and likewise for what a sample has not.
        var has = p * (own.Neg().Softplus() - taught.Neg().Softplus());
        var hasNot = (1 - p) * (own.Softplus() - taught.Softplus());
        var losses = has + hasNot;
        return new(losses.Sum() * (_scale / losses.Size(-1)), batch.Rows);
    }
}
