namespace Decant.Evaluation;

/// <summary>The two intervals of <see cref="PairedDifference"/>.</summary>
internal static class PairedIntervals
{
    public static PairedDifference Of(double[][] a, double[][] b, PairedOptions options)
    {
        var differences = Differences(a, b);
        int samples = differences[0].Length, seeds = differences.Length;
        var (low, high) = seeds == 1 ? OverSamples(differences[0], options) : OverSeedsAndSamples(differences, options.Confidence);
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
            SeedSpread = seeds == 1 ? null : Math.Sqrt(Variance([.. differences.Select(d => d.Average())])),
            PValue = seeds == 1 && rightOrWrong ? McNemar.Of(a[0], b[0]).PValue : null,
        };
    }

    /// <summary>Percentile bootstrap: the samples drawn again with replacement, many times.</summary>
    private static (double Low, double High) OverSamples(double[] differences, PairedOptions options)
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
        return (Quantile.OfSorted(means, tail), Quantile.OfSorted(means, 1 - tail));
    }

    /// <summary>Student's t on the sum of the variance over seeds and the variance over samples.</summary>
    private static (double Low, double High) OverSeedsAndSamples(double[][] differences, double confidence)
    {
        int seeds = differences.Length, samples = differences[0].Length;
        double[] perSeed = [.. differences.Select(d => d.Average())];
        double[] perSample = [.. Enumerable.Range(0, samples).Select(i => differences.Average(d => d[i]))];
        double bySeed = Variance(perSeed) / seeds, bySample = samples == 1 ? 0 : Variance(perSample) / samples;
        var (mean, total) = (perSeed.Average(), bySeed + bySample);
        if (total <= 0)
            return (mean, mean);
        var degrees = total * total / (bySeed * bySeed / (seeds - 1) + bySample * bySample / Math.Max(1, samples - 1));
        var reach = StudentT.TwoSidedQuantile(confidence, Math.Max(1, (int)Math.Min(degrees, 1000))) * Math.Sqrt(total);
        return (mean - reach, mean + reach);
    }

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

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
