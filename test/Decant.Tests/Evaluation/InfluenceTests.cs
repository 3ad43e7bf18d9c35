using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

/// <summary>The interval from scores per sample is that of the statistic computed anew for every draw of the samples.</summary>
public sealed class InfluenceTests
{
    private const int Samples = 500;
    private static readonly PairedOptions Options = new() { Resamples = 1500, Seed = 11 };

    private static readonly Dictionary<string, (Func<double[][], double[]> Scores, Func<double[][], double> Statistic, Func<SplitMix64, double[][]> Model)> s_figures = new()
    {
        ["perplexity's exponent"] = (d => Influence.OfRatio(d[0], d[1]), d => d[0].Sum() / d[1].Sum(), Texts),
        ["entity F1"] = (d => Influence.OfRatio(d[0], d[1]), d => d[0].Sum() / d[1].Sum(), Sentences),
        ["pearson"] = (d => Influence.OfPearson(d[0], d[1]), d => Correlation.Pearson(d[0], d[1]), Numbers),
        ["spearman"] = (d => Influence.OfSpearman(d[0], d[1]), d => Correlation.Spearman(d[0], d[1]), Numbers),
        ["spearman with ties"] = (d => Influence.OfSpearman(d[0], d[1]), d => Correlation.Spearman(d[0], d[1]), Steps),
    };

    public static TheoryData<string> Figures => [.. s_figures.Keys];

    [Theory]
    [MemberData(nameof(Figures))]
    public void The_mean_of_the_scores_is_the_figure(string name)
    {
        var (scores, statistic, model) = s_figures[name];
        var data = model(new SplitMix64(3));

        Assert.Equal(statistic(data), scores(data).Average(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void The_interval_is_that_of_a_bootstrap_of_the_figure_itself(string name)
    {
        var (scores, statistic, model) = s_figures[name];
        var random = new SplitMix64(17);
        double[][] a = model(random), b = model(random);

        var quick = PairedDifference.Of([scores(a)], [scores(b)], Options);
        var (low, high) = ByBruteForce(a, b, statistic);

        var width = high - low;
        Assert.True(width > 0);
        Assert.InRange((quick.Low - low) / width, -0.05, 0.05);
        Assert.InRange((quick.High - high) / width, -0.05, 0.05);
    }

    /// <summary>The same draws as <see cref="PairedDifference"/> makes, so that only the linearisation differs.</summary>
    private static (double Low, double High) ByBruteForce(double[][] a, double[][] b, Func<double[][], double> statistic)
    {
        var random = new SplitMix64(Options.Seed);
        var values = new double[Options.Resamples];
        for (var r = 0; r < values.Length; r++)
        {
            int[] drawn = [.. Enumerable.Range(0, Samples).Select(_ => random.Below(Samples))];
            double[][] Drawn(double[][] data) => [.. data.Select(column => drawn.Select(i => column[i]).ToArray())];
            values[r] = statistic(Drawn(a)) - statistic(Drawn(b));
        }

        Array.Sort(values);
        return (Quantile.OfSorted(values, 0.025), Quantile.OfSorted(values, 0.975));
    }

    private static double[][] Texts(SplitMix64 random)
    {
        double[] rows = [.. Enumerable.Range(0, Samples).Select(_ => 20.0 + random.Below(200))];
        return [[.. rows.Select(n => n * (3 + Normal(random)))], rows];
    }

    private static double[][] Sentences(SplitMix64 random)
    {
        double[] both = [.. Enumerable.Range(0, Samples).Select(_ => (double)random.Below(7))];
        return [[.. both.Select(n => 2.0 * random.Below((int)n / 2 + 1))], both];
    }

    private static double[][] Numbers(SplitMix64 random)
    {
        double[] y = [.. Enumerable.Range(0, Samples).Select(_ => Normal(random))];
        return [[.. y.Select(v => v + 0.8 * Normal(random))], y];
    }

    private static double[][] Steps(SplitMix64 random) => [.. Numbers(random).Select(c => c.Select(v => Math.Round(2 * v) / 2).ToArray())];

    private static double Normal(SplitMix64 random) => Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
}
