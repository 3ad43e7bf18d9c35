using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives;

/// <summary>Options of <c>soft-targets</c>.</summary>
public sealed record SoftTargetsOptions : DivergenceOptions;

/// <summary>Forward KL divergence from the teacher: per sample τ²·Σ p·(log p − log q), p = softmax(z_t ÷ τ), q = softmax(z_s ÷ τ). 0 where both agree.</summary>
/// <remarks>Hinton, Vinyals, Dean 2015, arXiv:1503.02531, §2, with the teacher's entropy. Every row counts, labelled or not.</remarks>
public sealed class SoftTargets : IObjective
{
    private readonly double _temperature;
    private readonly double _scale;

    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public SoftTargets(SoftTargetsOptions? options = null)
    {
        options = (options ?? new SoftTargetsOptions()).Checked();
        _temperature = options.Temperature;
        _scale = options.ScaleByTemperatureSquared ? _temperature * _temperature : 1;
    }

    /// <inheritdoc/>
    public string Kind => "soft-targets";

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
        return new(Divergence(studentLogits, teacherLogits), batch.Rows);
    }

    /// <summary>Value and gradient from the same three softmaxes; autograd would pass over the logits twice as often, and keep each pass.</summary>
    private Tensor Divergence(Tensor studentLogits, Tensor teacherLogits)
    {
        using var scope = TensorScope.Open();
        var (value, gradient) = ValueAndGradient(studentLogits.Detach(), teacherLogits.Detach());
        return scope.Keep(Autograd.WithGradients(value, [studentLogits], [gradient]));
    }

    private (Tensor Value, Tensor Gradient) ValueAndGradient(Tensor studentLogits, Tensor teacherLogits)
    {
        var logP = (teacherLogits / _temperature).LogSoftmax(-1);                                                   // [B, C]
        var logQ = (studentLogits / _temperature).LogSoftmax(-1);                                                   // [B, C]
        var p = logP.Exp();                                                                                         // [B, C]
        // lim p→0 of p·log(p ÷ q) is 0, where p·(log p − log q) would be 0·∞ for a class that the teacher masks by −∞.
        var gap = (logP - logQ).MaskedFill(p.EqualTo(0), 0);                                                        // [B, C]
        return ((p * gap).Sum() * _scale, (logQ.Exp() - p) * (_scale / _temperature));                              // [B, C]: scale·(q − p) ÷ τ
    }
}
