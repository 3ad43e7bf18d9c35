using Decant.Data;

namespace Decant.Tests.Data;

public class RngTests
{
    [Fact]
    public void The_sequence_is_that_of_xoshiro256_star_star_and_stays_so()
    {
        // The reference implementation's first outputs from the state 1, 2, 3, 4.
        var rng = new Rng { State = (1, 2, 3, 4) };
        Assert.Equal(new ulong[] { 11520, 0, 1509978240, 1215971899390074240 }, Enumerable.Range(0, 4).Select(_ => rng.NextUInt64()));
        Assert.Equal((0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL), (new Rng(0).State.S0, new Rng(0).State.S1)); // SplitMix64 of 0
    }

    [Fact]
    public void A_saved_state_continues_the_sequence()
    {
        var rng = new Rng(42);
        rng.NextUInt64();
        var copy = new Rng { State = rng.State };
        Assert.Equal(rng.NextUInt64(), copy.NextUInt64());
        Assert.Throws<ArgumentException>(() => new Rng { State = default });
    }

    [Fact]
    public void Numbers_are_spread_evenly_and_shuffles_are_permutations()
    {
        var rng = new Rng(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[rng.Next(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        var items = Enumerable.Range(0, 100).ToArray();
        rng.Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
        Assert.Equal(0.5, Enumerable.Range(0, 10_000).Average(_ => rng.NextDouble()), 0.02);
    }

    [Fact]
    public void Keys_in_another_order_give_another_generator()
    {
        var all = new[] { Rng.For(1, 2, 3), Rng.For(1, 3, 2), Rng.For(2, 1, 3), Rng.For(1, 2, 3, 1), new Rng(1) };
        Assert.Equal(all.Length, all.Select(rng => rng.NextUInt64()).Distinct().Count());
    }
}
