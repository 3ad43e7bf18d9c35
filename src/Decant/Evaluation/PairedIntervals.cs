namespace Decant.Evaluation;

/// <summary>The two intervals of <see cref="PairedDifference"/>.</summary>
internal static class PairedIntervals
{
    public static PairedDifference Of(double[][] a, double[][] b, PairedOptions options)
    {
        var differences = Differences(a, b);
        int samples = differences[0].Length, seeds = differences.Length;
        var error = DifferenceError.Of(differences);
        var (low, high) = seeds == 1 ? OverSamples(differences[0], error, options) : error.Around(options.Confidence);
        var rightOrWrong = a.Concat(b).All(scores => scores.All(s => s is 0 or 1));
        return new PairedDifference
        {
            MeanA = a.Average(s => s.Average()),
            MeanB = b.Average(s => s.Average()),
            Low = low,
            High = high,
            Confidence = options.Confidence,
            Samples = samples,
            Seeds = seeds,
            FewestSeeds = Math.Min(a.Length, b.Length),
            SeedSpread = seeds == 1 ? null : error.BySeed * Math.Sqrt(seeds),
            PValue = seeds == 1 && rightOrWrong ? McNemar.Of(a[0], b[0]).PValue : null,
            Error = error,
        };
    }

    /// <summary>
    /// Percentile bootstrap: the samples drawn again with replacement, many times; the ends then moved away from the estimate by t(N − 1)·√(N ÷ (N − 1)) ÷ z, for draws of N
    /// samples vary by (N − 1)/N of what they should and are normal where Student's t is wider.
    /// </summary>
    private static (double Low, double High) OverSamples(double[] differences, DifferenceError error, PairedOptions options)
    {
        var random = new SplitMix64(options.Seed);
        var means = new double[options.Resamples];
        for (var r = 0; r < means.Length; r++)
        {
            double sum = 0;
            for (var i = 0; i < differences.Length; i++)
                sum += differences[random.Below(differences.Length)];
            means[r] = sum / differences.Length;
        }
        Array.Sort(means);
        var tail = (1 - options.Confidence) / 2;
        var wider = Widening(differences.Length, options.Confidence);
        return (error.Mean + wider * (Quantile.OfSorted(means, tail) - error.Mean), error.Mean + wider * (Quantile.OfSorted(means, 1 - tail) - error.Mean));
    }

    private static double Widening(int samples, double confidence) => samples < 2 ? 1
        : StudentT.TwoSidedQuantile(confidence, Math.Min(samples - 1, DifferenceError.NormalDegrees)) / StudentT.TwoSidedQuantile(confidence, DifferenceError.NormalDegrees) * Math.Sqrt(samples / (samples - 1.0));

    private static double[][] Differences(double[][] a, double[][] b)
    {
        if (a.Length == 0 || b.Length == 0)
            throw new DecantException("A comparison needs the scores of two models; one has none.");
        var seeds = Math.Max(a.Length, b.Length);
        if ((a.Length != seeds && a.Length != 1) || (b.Length != seeds && b.Length != 1))
            throw new DecantException($"One model was trained with {a.Length} seeds and the other with {b.Length}; give both the same seeds, or one of them a single one.");
        var samples = a[0].Length;
        if (samples == 0 || a.Concat(b).Any(s => s.Length != samples))
            throw new DecantException("The two models have scores for different numbers of samples. Evaluate both on the same split.");
        return [.. Enumerable.Range(0, seeds).Select(s => Subtract(a[a.Length == 1 ? 0 : s], b[b.Length == 1 ? 0 : s]))];
    }

    private static double[] Subtract(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];
}
