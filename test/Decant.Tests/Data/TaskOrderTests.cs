using Decant.Data;
using Decant.Data.Batching;
using Decant.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

/// <summary>Whose turn it is among several tasks.</summary>
public class TaskOrderTests
{
    private static Arbitrary<(int[] Sizes, double Alpha, double Last, int Epochs, ulong Seed)> Orders => (
        from count in Gen.Choose(1, 5)
        from sizes in Gen.Choose(1, 60).ArrayOf(count)
        from alpha in Gen.Choose(0, 10)
        from last in Gen.Choose(0, 10)
        from epochs in Gen.Choose(1, 6)
        from seed in Gen.Choose(0, 1000)
        select (sizes, alpha / 10.0, last / 10.0, epochs, (ulong)seed)).ToArbitrary();

    [Fact]
    public void Every_epoch_has_as_many_batches_as_all_tasks_and_says_how_many_of_each() => Prop.ForAll(Orders, o =>
    {
        var order = Order(o.Sizes, o.Alpha, o.Last, o.Epochs, o.Seed);
        for (var epoch = 0; epoch <= o.Epochs; epoch++)
        {
            var tasks = order.Epoch(epoch);
            Assert.Equal(o.Sizes.Sum(), tasks.Length);
            Assert.Equal(order.CountsOf(epoch), Enumerable.Range(0, o.Sizes.Length).Select(t => tasks.Count(x => x == t)));
            Assert.Equal(tasks, Order(o.Sizes, o.Alpha, o.Last, o.Epochs, o.Seed).Epoch(epoch));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_task_is_further_from_its_share_than_one_batch() => Prop.ForAll(Orders, o =>
    {
        var order = Order(o.Sizes, o.Alpha, o.Last, o.Epochs, o.Seed);
        for (var epoch = 0; epoch < o.Epochs; epoch++)
        {
            var powers = o.Sizes.Select(s => Math.Pow(s, order.AlphaAt(epoch))).ToArray();
            Assert.All(order.CountsOf(epoch).Zip(powers), pair => Assert.InRange(pair.First - (o.Sizes.Sum() * pair.Second / powers.Sum()), -1, 1));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_came_before_a_batch_is_what_the_epochs_say() => Prop.ForAll(Orders, o =>
    {
        var order = Order(o.Sizes, o.Alpha, o.Last, o.Epochs, o.Seed);
        var seen = new long[o.Sizes.Length];
        for (var epoch = 0; epoch < o.Epochs; epoch++)
        {
            var tasks = order.Epoch(epoch);
            for (var batch = 0; batch < tasks.Length; batch++)
            {
                if (batch % 7 == 0)
                    Assert.Equal(seen, order.Before(epoch, batch));
                seen[tasks[batch]]++;
            }
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1.0, new[] { 90, 10 })] // each task's samples once
    [InlineData(0.5, new[] { 75, 25 })] // 9.487 : 3.162
    [InlineData(0.0, new[] { 50, 50 })]
    public void Shares_follow_the_exponent(double alpha, int[] expected) => Assert.Equal(expected, Order([90, 10], alpha, alpha, 3, 1).CountsOf(1));

    [Fact]
    public void Annealed_it_begins_in_proportion_and_ends_nearly_level()
    {
        var order = Order([900, 100], 1, 0.2, 5, 1);
        Assert.Equal([1, 0.8, 0.6, 0.4, 0.2, 0.2], Enumerable.Range(0, 6).Select(e => Math.Round(order.AlphaAt(e), 12)));
        Assert.Equal([900, 100], order.CountsOf(0));
        Assert.Equal([608, 392], order.CountsOf(4)); // 3.898 : 2.512
    }

    [Fact]
    public void The_order_is_another_for_another_seed_and_in_the_next_epoch()
    {
        var order = Order([30, 30], 1, 1, 2, 1);
        Assert.NotEqual(order.Epoch(0), order.Epoch(1));
        Assert.NotEqual(order.Epoch(0), Order([30, 30], 1, 1, 2, 2).Epoch(0));
    }

    [Fact]
    public void A_task_without_a_batch_is_refused()
    {
        Assert.Contains("each has a batch", Assert.Throws<ArgumentException>(() => Order([3, 0], 1, 1, 1, 1)).Message);
        Assert.Contains("at least 0", Assert.Throws<ArgumentException>(() => Order([3, 1], -1, 1, 1, 1)).Message);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Each_task_sees_all_its_samples_before_one_twice_and_every_batch_says_its_task(double alpha)
    {
        using Dataset large = Vectors(40, "large"), small = Vectors(9, "small");
        var source = Source(large, small, alpha);
        Dictionary<string, List<SampleId>> seen = new() { ["large"] = [], ["small"] = [] };
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var batch in source.Enumerate(epoch))
            {
                using (batch)
                    seen[batch.Task!].AddRange(batch.Ids);
            }
        }

        foreach (var (task, data) in new[] { ("large", large), ("small", small) })
        {
            var times = Enumerable.Range(0, data.Count).Select(i => seen[task].Count(id => id == data.IdOf(i))).ToArray();
            Assert.InRange(times.Max() - times.Min(), 0, 1);
            Assert.Equal(data.Count, seen[task].Distinct().Count());
        }
    }

    [Fact]
    public void Resuming_at_any_batch_gives_the_rest_of_the_same_epoch()
    {
        using Dataset large = Vectors(40, "large"), small = Vectors(9, "small");
        var source = Source(large, small, 0.5);
        var whole = Batches(source.Enumerate(2));
        Assert.Equal(source.BatchesPerEpoch, whole.Length);
        Assert.Equal(whole, Batches(source.EnumerateSynchronously(2)));
        for (var from = 0; from <= source.BatchesPerEpoch; from++)
            Assert.Equal(whole.Skip(from), Batches(source.Enumerate(2, from)));
    }

    [Fact]
    public void Nothing_is_left_of_an_epoch_that_is_left_early()
    {
        using Dataset large = Vectors(40, "large"), small = Vectors(9, "small");
        var source = Source(large, small, 0.5);
        var before = Tensor.LiveCount;
        foreach (var batch in source.Enumerate(0))
        {
            batch.Dispose();
            break;
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static TaskOrder Order(int[] sizes, double alpha, double last, int epochs, ulong seed) =>
        new(new TaskOrderOptions { Sizes = sizes, Alpha = alpha, LastAlpha = last, Epochs = epochs, Seed = seed });

    private static TaskBatchSource Source(Dataset large, Dataset small, double alpha)
    {
        IBatchSource[] sources = [.. new[] { large, small }.Select((d, i) => new BatchSource(d, new VectorCollator(), new BatchOptions { Size = 4, Seed = (ulong)i }))];
        return new([KeyValuePair.Create("large", sources[0]), KeyValuePair.Create("small", sources[1])], Order([.. sources.Select(s => s.BatchesPerEpoch)], alpha, alpha, 3, 5));
    }

    private static string[] Batches(IEnumerable<Batch> batches) => [.. batches.Select(batch =>
    {
        using (batch)
            return $"{batch.Task}: {string.Join(' ', batch.Ids)}";
    })];

    private static Dataset Vectors(int count, string name) =>
        Dataset.From(name, Enumerable.Range(0, count).Select(i => ((SampleContent)new VectorContent(new float[] { i, name.Length }), (string?)$"{i % 2}")));
}
