using Decant.Runs.Fitting;

namespace Decant.Tests.Runs.Fitting;

public class SuccessiveHalvingTests
{
    [Fact]
    public void A_third_goes_on_and_the_last_two_are_trained_to_the_end()
    {
        var trained = new List<(int, double)>();
        // What is best in the end is the fourth at first.
        var best = SuccessiveHalving.Best([.. Enumerable.Range(0, 12)], (candidate, share) =>
        {
            trained.Add((candidate, share));
            return candidate == 7 ? 38.2 + (share * share * 20) : 40 - Math.Abs(candidate - 5);
        });
        Assert.Equal(7, best);
        Assert.Equal(Enumerable.Range(0, 12), trained.Take(12).Select(t => t.Item1));
        Assert.All(trained.Take(12), t => Assert.Equal(0.125, t.Item2));
        Assert.Equal([(5, 1 / 3.0), (4, 1 / 3.0), (6, 1 / 3.0), (7, 1 / 3.0)], trained.Skip(12).Take(4));
        Assert.Equal([(7, 1.0), (5, 1.0)], trained.Skip(16));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 2)] // both to the end
    [InlineData(3, 3 + 2)] // 3 a little, of which 2 to the end
    [InlineData(12, 12 + 4 + 2)]
    public void Few_candidates_need_fewer_rounds(int count, int trainings)
    {
        var made = 0;
        Assert.Equal(count - 1, SuccessiveHalving.Best([.. Enumerable.Range(0, count)], (candidate, _) => { made++; return candidate; }));
        Assert.Equal(trainings, made);
    }

    [Fact]
    public void Of_equals_the_first_is_taken() => Assert.Equal(0, SuccessiveHalving.Best([0, 1, 2, 3, 4, 5], (_, _) => 1.0));
}
