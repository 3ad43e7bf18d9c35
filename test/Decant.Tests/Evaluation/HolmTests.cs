using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

public sealed class HolmTests
{
    [Fact]
    public void The_smallest_is_multiplied_by_all_the_next_by_one_less_and_none_falls_below_the_one_before()
    {
        // Worked by hand: sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1 is 0.04, 0.06, 0.06, 0.04, of which the last is raised to 0.06.
        double[] adjusted = Holm.Adjust([0.04, 0.01, 0.03, 0.02]);

        Assert.Equal([0.06, 0.04, 0.06, 0.06], adjusted.Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void It_is_what_R_says()
    {
        // p.adjust(c(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0), "holm"): the p-values of Benjamini and Hochberg 1995.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        double[] expected = [0.0015, 0.0056, 0.0247, 0.1140, 0.2211, 0.2780, 0.2780, 0.2780, 0.3213, 1, 1, 1, 1, 1, 1];

        Assert.Equal(expected, Holm.Adjust(p).Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void One_comparison_stays_as_it_is_none_are_none_and_what_is_no_p_value_is_refused()
    {
        Assert.Equal([0.03], Holm.Adjust([0.03]));
        Assert.Empty(Holm.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([0.5, 1.5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([double.NaN]));
    }

    [Fact]
    public void Of_ten_variants_that_are_all_equal_one_is_called_different_in_at_most_one_study_of_twenty()
    {
        const int Variants = 10, Seeds = 3, Samples = 200;
        var random = new SplitMix64(12);
        int plain = 0, adjusted = 0;
        for (var e = 0; e < Simulation.Experiments; e++)
        {
            double[][] Model() => [.. Enumerable.Range(0, Seeds).Select(_ =>
            {
                var luck = 0.1 * random.Normal();
                return Enumerable.Range(0, Samples).Select(_ => luck + random.Normal()).ToArray();
            })];
            var control = Model();
            double[] p = [.. Enumerable.Range(0, Variants).Select(_ => PairedDifference.Of(Model(), control).IntervalPValue)];
            plain += p.Min() <= 0.05 ? 1 : 0;
            adjusted += Holm.Adjust(p).Min() <= 0.05 ? 1 : 0;
        }

        Assert.True(plain > 0.12 * Simulation.Experiments, $"{plain}");
        Assert.InRange((double)adjusted / Simulation.Experiments, 0, 0.05 + Simulation.Slack(0.05));
    }
}
