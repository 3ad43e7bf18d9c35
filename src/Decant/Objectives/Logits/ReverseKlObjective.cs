using Decant.Data.Batching;
using Decant.Objectives.Temperatures;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Options of <c>reverse-kl</c>.</summary>
public sealed record ReverseKl : DivergenceOptions;

/// <summary>Reverse KL divergence: per sample τ²·Σ q·(log q − log p). 0 where both agree.</summary>
/// <remarks>
/// Gu et al. 2024 (MiniLLM), arXiv:2306.08543, eq. 1; Agarwal et al. 2024 (GKD), arXiv:2306.13649. Deviation: a probability of the teacher that float32 does
/// not hold, below e⁻¹⁰⁴, counts as e⁻¹⁰⁴, so that a class that it rules out is expensive and not infinitely so.
/// </remarks>
internal sealed class ReverseKlObjective : Divergence
{
    /// <summary>The objective with its options.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    public ReverseKlObjective(ReverseKl? options = null) : base(options ?? new())
    {
    }

    /// <inheritdoc/>
    public override string Kind => "reverse-kl";

    /// <inheritdoc/>
    protected override Tensor PerRow(Tensor logP, Tensor logQ, Batch batch) => Between(logP, logQ);

    /// <summary>Value and gradient in one go over each row, where that is served.</summary>
    private protected override Tensor Sum(Tensor studentLogits, Tensor teacherLogits, Batch batch, RowTemperature rowTemperature, Tensor? rowWeights)
    {
        if (rowTemperature.IsLearned || rowTemperature.Number is not { } temperature || !RowLosses.Serve(studentLogits) || !RowLosses.Serve(teacherLogits))
            return base.Sum(studentLogits, teacherLogits, batch, rowTemperature, rowWeights);
        var (losses, slopes) = RowLosses.ReverseKl(studentLogits, teacherLogits, temperature, rowTemperature.IsScaled ? temperature : 1 / temperature, rowWeights);
        return Autograd.WithGradients(rowTemperature.Sum(losses, null), [studentLogits], [slopes]);
    }

    internal static Tensor Between(Tensor logP, Tensor logQ) => LogProbabilities.KullbackLeibler(logQ, LogProbabilities.Floored(logP));
}
