using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Sequence;

/// <summary>The factors of a batch's rows: of each token's own divergence, and of the score function of the written token.</summary>
/// <param name="options">The options.</param>
/// <param name="batch">The whole batch.</param>
internal sealed class RowFactors(OnPolicy options, Batch batch)
{
    private const double LeastDeviation = 1e-8;

    private readonly int[] _lengths = [.. batch.RowsPerSample ?? [.. Enumerable.Repeat(1, batch.Rows)]];

    /// <summary>Whether a score function is part of the gradient.</summary>
    public static bool NeedsCosts(OnPolicy options) => options.Future > 0 || HasScoreAlone(options);

    /// <summary>Whether the gradient comes from the score function alone.</summary>
    public static bool HasScoreAlone(OnPolicy options) => options is { Granularity: Granularity.Sampled, Gradient: SampledGradient.Advantage };

    /// <summary>[R, 2] float32; null: all rows count alike, and there are no advantages.</summary>
    /// <param name="looked">[R, 3]: the divergence of each row, its coefficient, log q(y); null: every row has the weight 1 and no advantage.</param>
    public Tensor? Of(Tensor? looked)
    {
        if (looked is null && options.MeanOver == MeanOver.Tokens)
            return null;
        var factors = new (double Weight, double Advantage)[batch.Rows];
        Array.Fill(factors, (1, 0));
        if (looked is not null)
            Fill(factors, looked.To(Device.Cpu).To(DType.Float32).ToArray<float>(), batch.Written!.LogProbabilities.To(Device.Cpu).ToArray<float>());
        if (options.MeanOver == MeanOver.Texts)
            ByTexts(factors);
        return Tensor.From(factors.SelectMany(f => new[] { (float)f.Weight, (float)f.Advantage }).ToArray(), factors.Length, 2).To(batch.Device, wait: false);
    }

    private void Fill((double Weight, double Advantage)[] factors, float[] looked, float[] drawnWith)
    {
        var first = 0;
        foreach (var length in _lengths)
        {
            var text = new TextRows(options, looked.AsSpan(3 * first, 3 * length), drawnWith.AsSpan(first, length));
            text.Fill(factors.AsSpan(first, length));
            first += length;
        }

        if (options.Center)
            Center(factors);
        if (options.Whiten)
            Whiten(factors);
        // Of whole prefixes each cost has its own weight already.
        for (var row = 0; options.Importance == ImportanceWeights.Token && row < factors.Length; row++)
            factors[row].Advantage *= factors[row].Weight;
    }

    // The mean over the tokens of the other texts: it does not depend on what is drawn in this one, so that nothing changes in expectation.
    private void Center((double Weight, double Advantage)[] factors)
    {
        var total = factors.Sum(f => f.Advantage);
        var first = 0;
        foreach (var length in _lengths)
        {
            var own = factors.AsSpan(first, length);
            first += length;
            if (length == factors.Length)
                continue;
            var sum = 0.0;
            foreach (var (_, advantage) in own)
                sum += advantage;
            foreach (ref var factor in own)
                factor.Advantage -= (total - sum) / (factors.Length - length);
        }
    }

    private static void Whiten((double Weight, double Advantage)[] factors)
    {
        var mean = factors.Average(f => f.Advantage);
        var deviation = Math.Sqrt(factors.Average(f => (f.Advantage - mean) * (f.Advantage - mean)));
        for (var row = 0; row < factors.Length; row++)
            factors[row].Advantage = (factors[row].Advantage - mean) / (deviation < LeastDeviation ? 1 : deviation);
    }

    private void ByTexts((double Weight, double Advantage)[] factors)
    {
        var first = 0;
        foreach (var length in _lengths)
        {
            foreach (ref var factor in factors.AsSpan(first, length))
                factor = (factor.Weight * factors.Length / ((double)_lengths.Length * length), factor.Advantage * factors.Length / ((double)_lengths.Length * length));
            first += length;
        }
    }
}
