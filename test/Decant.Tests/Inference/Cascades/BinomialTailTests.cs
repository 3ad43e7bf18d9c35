using Decant.Inference.Cascades;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Inference.Cascades;

public class BinomialTailTests
{
    // By hand: (1 − p)^n for k = 0, and the sum of two terms for k = 1.
    [Theory]
    [InlineData(0, 10, 0.1, 0.3486784401)]
    [InlineData(1, 10, 0.1, 0.7360989291)]
    [InlineData(5, 5, 0.2, 1)]
    [InlineData(0, 3, 0, 1)]
    [InlineData(2, 3, 1, 0)]
    public void A_tail_is_the_sum_of_its_terms(int k, int n, double p, double expected) => Assert.Equal(expected, BinomialTail.AtMost(k, n, p), 9);

    [Fact]
    public void A_tail_of_many_rows_neither_underflows_nor_loses_its_size()
    {
        Assert.Equal(Math.Exp(100_000 * Math.Log(0.99)), BinomialTail.AtMost(0, 100_000, 0.01), 1e-300);
        Assert.InRange(BinomialTail.AtMost(50_000, 100_000, 0.5), 0.5, 0.51);
    }

    // 1 − 0.05^(1/n) for k = 0; 0.394 is the upper end in the tables for 1 of 10 at 95 %, one-sided.
    [Theory]
    [InlineData(0, 59, 0.0495)]
    [InlineData(1, 10, 0.3942)]
    [InlineData(0, 0, 1)]
    [InlineData(7, 7, 1)]
    public void The_upper_bound_is_that_of_Clopper_and_Pearson(int k, int n, double expected) => Assert.Equal(expected, BinomialTail.UpperBound(k, n, 0.05), 4);

    [Theory]
    [InlineData(0, 0.05, 59)]
    [InlineData(1, 0.05, 93)]
    [InlineData(2, 0.05, 124)]
    [InlineData(0, 0.01, 299)]
    public void The_fewest_rows_reject_and_one_fewer_does_not(int k, double p, int expected)
    {
        Assert.Equal(expected, BinomialTail.FewestRows(k, p, 0.05));
        Assert.True(BinomialTail.AtMost(k, expected, p) <= 0.05 && BinomialTail.AtMost(k, expected - 1, p) > 0.05);
    }

    [Fact]
    public void Bound_and_test_agree() => Prop.ForAll(ArbMap.Default.ArbFor<byte>(), ArbMap.Default.ArbFor<ushort>(), (wrong, more) =>
    {
        var (k, n) = ((int)wrong, wrong + (more % 2000) + 1);
        var bound = BinomialTail.UpperBound(k, n, 0.05);
        return BinomialTail.AtMost(k, n, Math.Min(1, bound + 1e-6)) <= 0.05 + 1e-6 && BinomialTail.AtMost(k, n, bound - 1e-6) >= 0.05 - 1e-6;
    }).QuickCheckThrowOnFailure();
}
