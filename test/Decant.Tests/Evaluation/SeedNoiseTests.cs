using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

/// <summary>
/// Two recipes that are equally good: every training ends at 85 % plus luck of its own, on 1,000 test samples some of which are harder than others. How often is one of them said
/// to have helped or hurt?
/// </summary>
public sealed class SeedNoiseTests(ITestOutputHelper output)
{
    private const int Samples = 1000;

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.015)]
    [InlineData(0.03)]
    public void One_seed_never_says_helped_though_its_interval_often_misses_zero(double seedSpread)
    {
        var (misses, helpedOrHurt) = Rates(1, seedSpread);

        output.WriteLine($"1 seed, ± {100 * seedSpread} points: interval misses zero {misses:P1}, helped or hurt {helpedOrHurt:P1}");
        Assert.Equal(0, helpedOrHurt);
        if (seedSpread >= 0.015)
            Assert.True(misses > 0.15, $"{misses}"); // what the word helped would have been wrong by
    }

    [Theory]
    [InlineData(2, 0.005)]
    [InlineData(2, 0.015)]
    [InlineData(2, 0.03)]
    [InlineData(3, 0.005)]
    [InlineData(3, 0.015)]
    [InlineData(3, 0.03)]
    [InlineData(5, 0.005)]
    [InlineData(5, 0.015)]
    [InlineData(5, 0.03)]
    public void Several_seeds_say_helped_or_hurt_wrongly_at_most_once_in_twenty(int seeds, double seedSpread)
    {
        var (misses, helpedOrHurt) = Rates(seeds, seedSpread);

        output.WriteLine($"{seeds} seeds, ± {100 * seedSpread} points: helped or hurt {helpedOrHurt:P1}");
        Assert.Equal(misses, helpedOrHurt);
        Assert.InRange(helpedOrHurt, 0, 0.05 + Simulation.Slack(0.05));
    }

    private static (double Misses, double HelpedOrHurt) Rates(int seeds, double seedSpread)
    {
        var random = new SplitMix64((ulong)(100 * seeds) + (ulong)(1000 * seedSpread));
        var (misses, verdicts) = (0, 0);
        for (var e = 0; e < Simulation.Experiments; e++)
        {
            double[] hard = [.. Enumerable.Range(0, Samples).Select(_ => 0.5 * random.Unit() * random.Unit())]; // mean 0.125
            double[][] Model() => [.. Enumerable.Range(0, seeds).Select(_ =>
            {
                var right = 0.975 + seedSpread * random.Normal();
                return hard.Select(h => random.Unit() < right - h ? 1.0 : 0.0).ToArray();
            })];
            var difference = PairedDifference.Of(Model(), Model(), new PairedOptions { Resamples = 500, Seed = (ulong)e });
            misses += difference.Covers(0) ? 0 : 1;
            verdicts += difference.Verdict is Verdict.Helped or Verdict.Hurt ? 1 : 0;
        }

        return ((double)misses / Simulation.Experiments, (double)verdicts / Simulation.Experiments);
    }
}
