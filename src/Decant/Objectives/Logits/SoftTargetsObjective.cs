using Decant.Data.Batching;
using Decant.Objectives.Temperatures;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>soft-targets</c>.</summary>
public sealed record SoftTargets : DivergenceOptions;

/// <summary>Forward KL divergence from the teacher: per sample τ²·Σ p·(log p − log q), p = softmax(z_t ÷ τ), q = softmax(z_s ÷ τ). 0 where both agree.</summary>
/// <remarks>Hinton, Vinyals, Dean 2015, arXiv:1503.02531, §2, with the teacher's entropy. Every row counts, labelled or not.</remarks>
internal sealed class SoftTargetsObjective : Divergence
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public SoftTargetsObjective(SoftTargets? options = null) : base(options ?? new())
    {
    }

    /// <inheritdoc/>
    public override string Kind => "soft-targets";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => LogProbabilities.KullbackLeibler(logP, logQ);

    /// <summary>Value and gradient together: in one pass over each row on the processor, elsewhere from three softmaxes. Autograd would pass over the logits twice as often, and keep each pass.</summary>
    private protected override Tensor Sum(Tensor studentLogits, Tensor teacherLogits, Batch batch, RowTemperature rowTemperature, Tensor? rowWeights)
    {
        if (rowTemperature.IsLearned)
            return base.Sum(studentLogits, teacherLogits, batch, rowTemperature, rowWeights);
        if (rowTemperature.Number is { } temperature && RowLosses.Serve(studentLogits) && RowLosses.Serve(teacherLogits))
        {
            var (losses, slopes) = RowLosses.SoftTargets(studentLogits, teacherLogits, temperature, rowTemperature.IsScaled ? temperature : 1 / temperature, rowWeights);
            return Autograd.WithGradients(rowTemperature.Sum(losses, null), [studentLogits], [slopes]);
        }

        var logP = rowTemperature.LogSoftmax(teacherLogits);                                                        // [R, C]
        var logQ = rowTemperature.LogSoftmax(studentLogits.Detach());                                               // [R, C]
        var p = logP.Exp();                                                                                         // [R, C]
        var rows = LogProbabilities.KullbackLeibler(p, logP, logQ);                                                 // [R]
        var gradient = rowTemperature.Slope(logQ.Exp() - p, rowWeights);                                            // [R, C]: τ²·(q − p) ÷ τ
        return Autograd.WithGradients(rowTemperature.Sum(rows, rowWeights), [studentLogits], [gradient]);
    }
}
