namespace Decant.Objectives.Temperatures;

/// <summary>The divisor of both models' logits before the softmax: a number, one that changes over the training, one per sample, or one that is learned.</summary>
[Form("constant", typeof(ConstantTemperature))]
[Form("linear", typeof(LinearTemperature))]
[Form("cosine", typeof(CosineTemperature))]
[Form("entropy", typeof(EntropyTemperature))]
[Form("confidence", typeof(ConfidenceTemperature))]
[Form("learned", typeof(LearnedTemperature))]
public abstract record Temperature
{
    internal const double Lowest = 0.01, Highest = 1000;

    private protected Temperature()
    {
    }

    /// <summary>A temperature that stays.</summary>
    public static implicit operator Temperature(double value) => new ConstantTemperature { Value = value };
}
