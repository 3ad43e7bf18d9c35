using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives;

/// <summary>
/// An objective that compares, row by row, what both models say at a temperature τ: Σ over rows of D(p, q)·τ², p = softmax(z_t ÷ τ), q = softmax(z_s ÷ τ).
/// A kind says what D is; everything else that they have in common stands here.
/// </summary>
public abstract class Divergence : IObjective
{
    private readonly double _temperature;
    private readonly double _scale;

    /// <summary>The common part.</summary>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="scaled">Whether rows are multiplied by τ².</param>
    protected Divergence(double temperature, bool scaled) => (_temperature, _scale) = (temperature, scaled ? temperature * temperature : 1);

    /// <summary>The common part.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">An option is out of range.</exception>
    protected Divergence(DivergenceOptions options) : this(options.Checked().Temperature, options.ScaleByTemperatureSquared)
    {
    }

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <inheritdoc/>
    public bool IsRowwise => true;

    /// <inheritdoc/>
    public virtual long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        var count = Count(batch);
        if (count == 0)
            return LossSum.Nothing();
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        using var scope = TensorScope.Open();
        var logP = (teacherLogits.Detach() / _temperature).LogSoftmax(-1);                                          // [R, C]
        var logQ = (studentLogits / _temperature).LogSoftmax(-1);                                                   // [R, C]
        return new(scope.Keep(PerRow(logP, logQ, batch).Sum() * _scale), count);
    }

    /// <summary>D of every row, differentiable by <paramref name="logQ"/>.</summary>
    /// <param name="logP">[R, C] float32: log p of the teacher, −∞ where it rules a class out; no part of the graph.</param>
    /// <param name="logQ">[R, C] float32: log q of the student, part of the graph.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>[R]; 0 for rows that do not count.</returns>
    protected abstract Tensor PerRow(Tensor logP, Tensor logQ, Batch batch);
}
