using Decant.Teachers.Answers.Packing;

namespace Decant.Tests.Teachers.Answers;

public class DistributionSamplerTests
{
    private const int Times = 20_000;

    private static readonly float[] s_logits = [2, 1, 0.5f, 0, -1, -2, -4, float.NegativeInfinity];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0.6)]
    [InlineData(1, 1.4)]
    [InlineData(2.5, 1)]
    [InlineData(2.5, 0.7)]
    public void The_mean_of_many_estimates_is_the_teachers_distribution(double temperature, double exponent)
    {
        const int draws = 10;
        var (mean, squares, truth) = (new double[s_logits.Length], new double[s_logits.Length], Softmax(temperature));
        var (sampler, random) = (new DistributionSampler(draws, temperature, exponent), new SplitMix(3));
        for (var i = 0; i < Times; i++)
        {
            var row = sampler.Draw(s_logits, ref random);
            var estimates = row.Probabilities();
            for (var j = 0; j < estimates.Length; j++)
            {
                mean[row.Ids[j]] += estimates[j] / Times;
                squares[row.Ids[j]] += estimates[j] * estimates[j] / Times;
            }
        }

        for (var id = 0; id < truth.Length; id++)
        {
            var error = Math.Sqrt((squares[id] - mean[id] * mean[id]) / Times);
            Assert.True(Math.Abs(mean[id] - truth[id]) <= 4.5 * error, $"id {id}: {mean[id]:0.00000}, expected {truth[id]:0.00000} ± {error:0.00000}");
        }

        Assert.True(truth[6] > 0 && mean[6] > 0, "the rare id is never drawn, so this test shows nothing of it");
    }

    /// <summary>With q = p the variance of an estimate is p(1 − p)/N: four times as many draws, a quarter of it.</summary>
    [Fact]
    public void The_variance_falls_as_one_over_the_number_of_draws()
    {
        var truth = Softmax(1)[0];
        foreach (var draws in new[] { 5, 20, 80 })
        {
            var (sampler, random, sum, squares) = (new DistributionSampler(draws), new SplitMix(9), 0.0, 0.0);
            for (var i = 0; i < Times; i++)
            {
                var row = sampler.Draw(s_logits, ref random);
                var estimate = row.Ids[0] == 0 ? row.Probabilities()[0] : 0;
                sum += estimate;
                squares += estimate * estimate;
            }

            var variance = squares / Times - sum / Times * (sum / Times);
            Assert.InRange(variance / (truth * (1 - truth) / draws), 0.94, 1.06);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same()
    {
        var (first, second) = (new SplitMix(4), new SplitMix(4));
        var rows = (new DistributionSampler(50).Draw(s_logits, ref first), new DistributionSampler(50).Draw(s_logits, ref second));
        Assert.Equal(rows.Item1.Ids, rows.Item2.Ids);
        Assert.Equal(rows.Item1.Counts, rows.Item2.Counts);
        Assert.Equal(50, rows.Item1.Counts.Sum());
        Assert.DoesNotContain(7, rows.Item1.Ids); // −∞
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_logit_that_is_no_number_is_refused(float logit)
    {
        var random = new SplitMix(1);
        Assert.Throws<ArgumentException>(() =>
        {
            new DistributionSampler(5).Draw([1, logit], ref random);
        });
    }

    [Fact]
    public void Scales_are_right_on_average_over_their_whole_range()
    {
        var random = new Random(1);
        foreach (var value in new[] { 0, 1e-9, 0.003, 1, 1.07, 77, 1.6e7 })
        {
            var mean = 0.0;
            for (var i = 0; i < Times; i++)
                mean += ScaleGrid.ValueOf(ScaleGrid.CodeOf(value, random.NextDouble())) / (double)Times;
            Assert.True(Math.Abs(mean - value) <= 0.005 * value + 2e-9, $"{mean} for {value}");
        }
    }

    private static double[] Softmax(double temperature)
    {
        double[] weights = [.. s_logits.Select(logit => Math.Exp(logit / temperature))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
