namespace Decant.Objectives.Temperatures;

/// <summary>What divides both models' logits before the softmax: a number, one that changes over the training, one of each sample's own, or one that is learnt.</summary>
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
