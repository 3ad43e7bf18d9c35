namespace Decant.Evaluation;

/// <summary>How an interval is made.</summary>
internal sealed record PairedOptions
{
    /// <summary>How many times the samples are drawn again; 2000 moves the ends of the interval by about 2 % of its width.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>The share of such intervals that contain the true difference.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The seed of the resampling; the same seed gives the same interval.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What the interval says of the first model against the second.</summary>
/// <remarks>
/// <see cref="Better"/> and <see cref="Worse"/> are about two trained models, <see cref="Helped"/> and <see cref="Hurt"/> about what they were trained with: only models that were
/// both trained with two seeds or more show what training again would do.
/// </remarks>
internal enum Verdict
{
    /// <summary>The whole interval is on the worse side of zero, over two seeds or more.</summary>
    Hurt = -2,

    /// <summary>The whole interval is on the worse side of zero, of models that were trained once.</summary>
    Worse = -1,

    /// <summary>The interval contains zero.</summary>
    NoDifference = 0,

    /// <summary>The whole interval is on the better side of zero, of models that were trained once.</summary>
    Better = 1,

    /// <summary>The whole interval is on the better side of zero, over two seeds or more.</summary>
    Helped = 2,
}

/// <summary>The difference of two models' mean scores on the same test samples, A − B, with its interval.</summary>
/// <remarks>
/// <para>One seed: percentile bootstrap over the samples, drawn in pairs (Efron and Tibshirani 1993, chapter 13), its ends moved away from the estimate by
/// t(N − 1)·√(N ÷ (N − 1)) ÷ z, without which the interval of few samples is too narrow (Hesterberg 2015, <i>What Teachers Should Know About the Bootstrap</i>, section 4.1).
/// It speaks of these two trained models on other samples of the same kind and of nothing else. For right/wrong scores McNemar's exact test comes along.</para>
/// <para>Several seeds (A's k-th seed is paired with B's k-th; a model with one seed stands against each of the other's): it speaks of training again *and* of other samples.
/// The samples are the same for every seed, so the two are crossed: the interval is mean ± √((t(S − 1)·SE_seed)² + (t(N − 1)·SE_sample)²), each part with the quantile of its own
/// degrees of freedom (<see cref="DifferenceError"/> has the formulas and why it is not Satterthwaite's). Resampling two or three seeds would give an interval far too narrow;
/// Student's t is what such few seeds deserve.</para>
/// <para>A sample here is what answers are independent of each other by (<see cref="TaskAnswers.Unit"/>): of running text a document or a block of it, never a window.</para>
/// <para>The verdict goes by the interval alone.</para>
/// </remarks>
internal sealed record PairedDifference
{
    /// <summary>Mean score of the first, over seeds and samples.</summary>
    public required double MeanA { get; init; }

    /// <summary>Mean score of the second.</summary>
    public required double MeanB { get; init; }

    /// <summary>What the scores are; default: accuracy.</summary>
    public Metric Metric { get; init; } = Metric.Accuracy;

    /// <summary>MeanA − MeanB, in the metric's unit: below zero where the first is better in a metric of which less is better.</summary>
    public double Difference => MeanA - MeanB;

    /// <summary>The interval's lower end.</summary>
    public required double Low { get; init; }

    /// <summary>The interval's upper end.</summary>
    public required double High { get; init; }

    /// <summary>The interval's confidence, such as 0.95.</summary>
    public required double Confidence { get; init; }

    /// <summary>N, the number of independent samples: test samples, or the documents or blocks that <see cref="Unit"/> names.</summary>
    public required int Samples { get; init; }

    /// <summary>What one of the <see cref="Samples"/> is: <c>sample</c>, <c>document</c> or <c>block</c>.</summary>
    public string Unit { get; init; } = TaskAnswers.SampleUnit;

    /// <summary>S, the number of seeds; 1 when nothing was repeated.</summary>
    public required int Seeds { get; init; }

    /// <summary>The number of seeds of whichever model has fewer; <see cref="Seeds"/> where both have as many.</summary>
    public required int FewestSeeds { get; init; }

    /// <summary>The standard deviation over seeds of the difference (S − 1 in the denominator); null with one seed.</summary>
    public double? SeedSpread { get; init; }

    /// <summary>McNemar's exact p-value; null unless there is one seed and every score is 0 or 1.</summary>
    public double? PValue { get; init; }

    /// <summary>
    /// The two-sided p-value that belongs to the interval, by Student's t: 1 less the confidence level of the interval that ends at zero. What several comparisons are adjusted by
    /// (<see cref="Holm"/>). With one seed it differs from McNemar's, and a little from the bootstrap.
    /// </summary>
    public double IntervalPValue => Error.PValue();

    /// <summary>What the interval is made of.</summary>
    internal DifferenceError Error { get; init; }

    /// <summary>The perplexity of the first, the mean over seeds; null unless they are language models.</summary>
    public double? PerplexityA { get; init; }

    /// <summary>The perplexity of the second.</summary>
    public double? PerplexityB { get; init; }

    /// <summary>By the interval, by what is better in the metric, and by the seeds: helped or hurt where both models have two or more, else better or worse.</summary>
    public Verdict Verdict => VerdictWhere(Low > 0 || High < 0);

    /// <summary>The verdict where it is decided elsewhere, as by an adjusted p-value, whether there is a difference.</summary>
    /// <param name="differs">Whether there is one; its direction is that of <see cref="Difference"/>.</param>
    public Verdict VerdictWhere(bool differs)
    {
        if (!differs || Samples < 2)
            return Verdict.NoDifference;
        var isBetter = Difference > 0 == Metric.HigherIsBetter;
        return FewestSeeds > 1 ? (isBetter ? Verdict.Helped : Verdict.Hurt) : isBetter ? Verdict.Better : Verdict.Worse;
    }

    /// <summary>Compares the accuracy of two models, each trained once.</summary>
    public static PairedDifference OfAccuracy(Predictions a, Predictions b, PairedOptions? options = null) => OfAccuracy([a], [b], options);

    /// <summary>Compares the accuracy of two models over seeds.</summary>
    /// <param name="a">The first model's answers, one per seed.</param>
    /// <param name="b">The second's; the same number of seeds, or one.</param>
    /// <param name="options">How the interval is made.</param>
    /// <exception cref="DecantException">The samples or the numbers of seeds do not match.</exception>
    public static PairedDifference OfAccuracy(IReadOnlyList<Predictions> a, IReadOnlyList<Predictions> b, PairedOptions? options = null) => Of(a, b, options);

    /// <summary>Compares two models by the headline metric of their task.</summary>
    /// <param name="a">The first model's answers, one per seed.</param>
    /// <param name="b">The second's; the same number of seeds, or one.</param>
    /// <param name="options">How the interval is made.</param>
    /// <exception cref="DecantException">The tasks, the samples or the numbers of seeds do not match.</exception>
    public static PairedDifference Of(IReadOnlyList<TaskAnswers> a, IReadOnlyList<TaskAnswers> b, PairedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count == 0 || b.Count == 0)
            throw new DecantException("A comparison needs the answers of two models; one has none.");
        foreach (var other in a.Concat(b).Skip(1))
            a[0].CheckPaired(other);
        var difference = Of([.. a.Select(p => p.Scores())], [.. b.Select(p => p.Scores())], options);
        return difference with
        {
            Metric = a[0].Headline,
            Unit = a[0].Unit,
            PValue = a[0] is Predictions ? difference.PValue : null,
            PerplexityA = Perplexity(a),
            PerplexityB = Perplexity(b),
        };
    }

    /// <summary>Compares any score that each sample has.</summary>
    /// <param name="a">Scores of the first model [S][N]; higher is better unless the result is given a metric of which less is.</param>
    /// <param name="b">Scores of the second [S or 1][N], of the same samples in the same order.</param>
    /// <param name="options">How the interval is made.</param>
    public static PairedDifference Of(double[][] a, double[][] b, PairedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return PairedIntervals.Of(a, b, options ?? new PairedOptions());
    }

    private static double? Perplexity(IReadOnlyList<TaskAnswers> answers) =>
        answers.All(p => p.ReportedPerplexity is not null) ? answers.Average(p => p.ReportedPerplexity) : null;
}
