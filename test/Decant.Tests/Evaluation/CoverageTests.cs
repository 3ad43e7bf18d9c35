using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

/// <summary>An interval that says 95 % must contain the truth in about 95 % of simulated experiments.</summary>
public sealed class CoverageTests
{
    private const int Experiments = 400; // standard error of a coverage of 95 %: 1.1 %

    [Theory]
    [InlineData(200, 0.03)]
    [InlineData(1000, 0.0)]
    public void The_bootstrap_over_samples_covers_the_true_difference(int samples, double truth)
    {
        var random = new SplitMix64(42);
        var covered = 0;
        for (var e = 0; e < Experiments; e++)
        {
            // Both models depend on how hard the sample is, as real ones do.
            var (a, b) = (new double[samples], new double[samples]);
            for (var i = 0; i < samples; i++)
            {
                var hard = random.Unit() < 0.5;
                a[i] = random.Unit() < (hard ? 0.7 : 0.95) + truth ? 1 : 0;
                b[i] = random.Unit() < (hard ? 0.7 : 0.95) ? 1 : 0;
            }
            covered += Covers(PairedDifference.Of([a], [b], new PairedOptions { Resamples = 500, Seed = (ulong)e }), truth);
        }
        Assert.InRange((double)covered / Experiments, 0.92, 0.98);
    }

    [Theory]
    [InlineData(3, 0.0)]    // seeds do not matter: the interval is wider than it need be, never narrower
    [InlineData(3, 0.03)]   // seeds matter more than samples
    [InlineData(5, 0.01)]
    public void The_interval_over_seeds_and_samples_covers_the_true_difference(int seeds, double seedSpread)
    {
        const int Samples = 400;
        var random = new SplitMix64(7);
        var covered = 0;
        for (var e = 0; e < Experiments; e++)
        {
            var hard = Enumerable.Range(0, Samples).Select(_ => 0.35 * random.Unit()).ToArray();
            double[][] Model(double accuracy) => [.. Enumerable.Range(0, seeds).Select(_ =>
            {
                var luck = seedSpread * Normal(random);
                return hard.Select(h => random.Unit() < accuracy + luck - h ? 1.0 : 0.0).ToArray();
            })];
            covered += Covers(PairedDifference.Of(Model(0.84), Model(0.80)), 0.04);
        }
        Assert.InRange((double)covered / Experiments, 0.93, 1.0);
    }

    private static int Covers(PairedDifference d, double truth) => d.Low <= truth && truth <= d.High ? 1 : 0;

    private static double Normal(SplitMix64 random) => Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
}
