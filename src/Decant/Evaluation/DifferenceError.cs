namespace Decant.Evaluation;

/// <summary>How far a mean difference over S seeds and N samples may be from the truth: the part of the seeds and the part of the samples.</summary>
/// <remarks>
/// <para>The samples are the same for every seed: d_si = δ + seed_s + sample_i + rest_si, with variances of seed, sample and rest. The means per seed vary by seed ÷ 1 + rest ÷ N, so that
/// s²(means per seed) ÷ S holds the seeds' part and all of the rest's; the means per sample hold the rest once more, which is taken out:
/// s²(means per sample) ÷ N − MS_rest ÷ (S·N), MS_rest with (S − 1)(N − 1) degrees.</para>
/// <para>The half-width is √((t(S − 1)·by seed)² + (t(N − 1)·by sample)²): each part with the quantile of its own degrees of freedom (Zou and Donner 2008, "Construction of
/// confidence limits about effect measures"). Satterthwaite's one quantile with estimated degrees is too small with two or three seeds: their variance now and then comes out far
/// too small, and the degrees far too large with it.</para>
/// </remarks>
/// <param name="Mean">The difference, over seeds and samples.</param>
/// <param name="Seeds">S.</param>
/// <param name="Samples">N.</param>
/// <param name="BySeed">The standard error of the seeds' part; 0 with one seed.</param>
/// <param name="BySample">The standard error of the samples' part.</param>
internal readonly record struct DifferenceError(double Mean, int Seeds, int Samples, double BySeed, double BySample)
{
    /// <summary>From this number of degrees of freedom on, Student's t is taken for normal: its quantile differs by 0.12 %.</summary>
    public const int NormalDegrees = 1000;

    /// <param name="differences">[S][N], S and N 1 or more.</param>
    public static DifferenceError Of(double[][] differences)
    {
        int seeds = differences.Length, samples = differences[0].Length;
        double[] perSeed = [.. differences.Select(d => d.Average())]; // [S]
        double[] perSample = [.. Enumerable.Range(0, samples).Select(i => differences.Average(d => d[i]))]; // [N]
        var mean = perSeed.Average();
        var rest = seeds == 1 || samples == 1 ? 0 : differences.Select((d, s) => d.Select((x, i) => Square(x - perSeed[s] - perSample[i] + mean)).Sum()).Sum() / ((seeds - 1.0) * (samples - 1));
        return new DifferenceError(
            mean, seeds, samples,
            seeds == 1 ? 0 : Math.Sqrt(Variance(perSeed, mean) / seeds),
            samples == 1 ? 0 : Math.Sqrt(Math.Max(0, Variance(perSample, mean) / samples - rest / seeds / samples)));
    }

    /// <summary>The half-width of the interval of a confidence.</summary>
    public double Reach(double confidence) => Math.Sqrt(Square(Part(BySeed, Seeds, confidence)) + Square(Part(BySample, Samples, confidence)));

    /// <summary>The interval of a confidence.</summary>
    public (double Low, double High) Around(double confidence)
    {
        var reach = Reach(confidence);
        return (Mean - reach, Mean + reach);
    }

    /// <summary>1 less the confidence level of the interval that ends at zero: at or below 0.05 where the interval of 95 % leaves zero out. 1 where the difference is 0, or one sample is all there is.</summary>
    public double PValue()
    {
        if (Mean == 0 || Samples == 1)
            return 1;
        if (BySeed == 0)
            return BySample == 0 ? 0 : 1 - StudentT.Within(Math.Abs(Mean) / BySample, Degrees(Samples));
        double low = 0, high = 1; // of the confidence
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (Reach(middle) < Math.Abs(Mean))
                low = middle;
            else
                high = middle;
        }
        return 1 - low;
    }

    /// <summary>Degrees of freedom of a variance of a number of values.</summary>
    public static int Degrees(int count) => Math.Clamp(count - 1, 1, NormalDegrees);

    private static double Part(double error, int count, double confidence) => error == 0 ? 0 : StudentT.TwoSidedQuantile(confidence, Degrees(count)) * error;

    private static double Variance(double[] values, double mean) => values.Sum(v => Square(v - mean)) / (values.Length - 1);

    private static double Square(double value) => value * value;
}
