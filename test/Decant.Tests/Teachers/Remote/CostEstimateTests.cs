using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Limits;

namespace Decant.Tests.Teachers.Remote;

public class CostEstimateTests
{
    /// <summary>Inputs 10, 20, 30, 40: mean 25, s² = 500 / 3; t of 3 degrees of freedom is 3.1824, so a row has 25 ± 3.1824 · 12.9099 / 2 = 25 ± 20.542; 100 rows 2,500 ± 2,054.2 · √0.96 = ± 2,012.7.</summary>
    [Fact]
    public void The_interval_is_that_of_a_mean_and_of_rows_that_are_not_known_yet()
    {
        var estimate = CostEstimate.From([(10, 5), (20, 5), (30, 5), (40, 5)], 100, new TokenPrices(1_000_000, 0));
        Assert.Equal((100, 4), (estimate.Rows, estimate.Sampled));
        Assert.Equal(new EstimatedAmount(5, 5, 5), estimate.OutputTokensPerRow);
        Near(25, 25 - 20.542, 25 + 20.542, estimate.InputTokensPerRow, 0.001);
        Near(3000, 3000 - 2012.7, 3000 + 2012.7, estimate.Tokens, 0.1);
        Near(2500, 2500 - 2012.7, 2500 + 2012.7, estimate.Money!, 0.1);
        Assert.Null(CostEstimate.From([(10, 5), (20, 5)], 100).Money);
    }

    [Fact]
    public void When_all_rows_are_known_nothing_is_uncertain_and_no_total_is_below_what_was_spent()
    {
        Assert.Equal(new EstimatedAmount(40, 40, 40), CostEstimate.From([(10, 5), (20, 5)], 2).Tokens);
        Assert.Equal(110, CostEstimate.From([(1, 0), (109, 0)], 3).Tokens.Low);
    }

    [Fact]
    public void One_row_is_no_sample()
    {
        Assert.Throws<DecantException>(() => CostEstimate.From([(10, 5)], 100));
        Assert.Throws<DecantException>(() => CostEstimate.From([(10, 5), (1, 1)], 1));
    }

    [Fact]
    public void The_quantiles_are_those_of_the_tables()
    {
        foreach (var (freedom, t) in new[] { (1, 12.706), (3, 3.182), (7, 2.365), (10, 2.228), (19, 2.093), (30, 2.042), (120, 1.980) })
            Assert.Equal(t, StudentQuantile.At975(freedom), 0.001);
    }

    /// <summary>1,000 rows of 20 to 200 tokens, most of them short; 400 samples of 20.</summary>
    [Fact]
    public void The_interval_holds_the_bill_about_as_often_as_it_says()
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 1000).Select(_ => (Input: 20 + (long)(180 * Math.Pow(random.NextDouble(), 2)), Output: 1L)).ToArray();
        var bill = rows.Sum(row => row.Input + row.Output);
        var held = 0;
        for (var i = 0; i < 400; i++)
        {
            random.Shuffle(rows);
            var tokens = CostEstimate.From(rows[..20], rows.Length).Tokens;
            held += tokens.Low <= bill && bill <= tokens.High ? 1 : 0;
        }

        Assert.InRange(held, 360, 395);
    }

    private static void Near(double mean, double low, double high, EstimatedAmount came, double tolerance)
    {
        Assert.Equal(mean, came.Mean, tolerance);
        Assert.Equal(low, came.Low, tolerance);
        Assert.Equal(high, came.High, tolerance);
    }
}
