namespace Decant.Teachers.Answers.Packing;

/// <summary>
/// Draws ids from a teacher's distribution p = softmax(z/τ), with replacement, by q ∝ p^t. The estimate c/N · p/q of an id that was drawn c times of N is unbiased, and so is a
/// cross-entropy Σ c/N · p/q · (−log s) against a student s, and its gradient; the variance falls as 1/N (Anshumann and others 2025). With t = 1, p/q is 1 and is not stored.
/// </summary>
/// <param name="draws">N.</param>
/// <param name="temperature">τ.</param>
/// <param name="exponent">t, from 0.5 to 1.5; less draws more of the tail.</param>
internal sealed class DistributionSampler(int draws, double temperature = 1, double exponent = 1)
{
    private readonly double[] _chances = new double[draws];
    private readonly List<int> _ids = [];
    private readonly List<int> _counts = [];
    private double[] _weights = [];

    /// <summary>Draws from one row of logits. In one pass: the sorted uniform numbers are looked for in the cumulative sum.</summary>
    /// <param name="logits">[V]; −∞ is never drawn.</param>
    /// <param name="random">The chance.</param>
    /// <exception cref="ArgumentException">A logit is no number, or none is finite.</exception>
    public SampledRow Draw(ReadOnlySpan<float> logits, ref SplitMix random)
    {
        if (_weights.Length < logits.Length)
            _weights = new double[logits.Length];
        var weights = _weights.AsSpan(0, logits.Length);
        var largest = Largest(logits);
        var (all, plain) = (0.0, 0.0);
        for (var i = 0; i < logits.Length; i++)
        {
            var exponentOf = (logits[i] - (double)largest) / temperature;
            all += weights[i] = Math.Exp(exponent * exponentOf);
            if (exponent != 1)
                plain += Math.Exp(exponentOf);
        }

        for (var i = 0; i < draws; i++)
            _chances[i] = random.NextDouble() * all;
        Array.Sort(_chances);
        _ids.Clear();
        _counts.Clear();
        var (drawn, sum) = (0, 0.0);
        for (var id = 0; id < weights.Length && drawn < draws; id++)
        {
            sum += weights[id];
            var before = drawn;
            while (drawn < draws && _chances[drawn] < sum)
                drawn++;
            if (drawn > before)
                Add(id, drawn - before);
        }

        if (drawn < draws) // what rounding left over belongs to the last id that has a weight
            _counts[^1] += draws - drawn;
        return new SampledRow([.. _ids], [.. _counts], exponent == 1 ? null : Scales(logits, largest, all / plain, ref random));
    }

    private static float Largest(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            if (float.IsNaN(logit))
                throw new ArgumentException("A teacher's logit is not a number, so no distribution can be drawn from.", nameof(logits));
            largest = Math.Max(largest, logit);
        }

        return float.IsFinite(largest) ? largest : throw new ArgumentException($"The largest logit is {largest}; expected a finite number.", nameof(logits));
    }

    private void Add(int id, int count)
    {
        _ids.Add(id);
        _counts.Add(count);
    }

    // p/q = e^z / Σe^z · Σe^tz / e^tz = e^((1−t)z) · Σe^tz / Σe^z
    private byte[] Scales(ReadOnlySpan<float> logits, float largest, double ratio, ref SplitMix random)
    {
        var scales = new byte[_ids.Count];
        for (var i = 0; i < scales.Length; i++)
            scales[i] = ScaleGrid.CodeOf(Math.Exp((1 - exponent) * (logits[_ids[i]] - (double)largest) / temperature) * ratio, random.NextDouble());
        return scales;
    }
}
