using Decant.Bench;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Tests.Bench;
using Decant.Torch;

namespace Decant.Tests.Data;

public sealed class BatchTests
{
    private static readonly Device s_elsewhere = new(DeviceKind.Meta); // the only other device that every machine has: shapes without elements

    public static TheoryData<string> Workloads => [.. TinyWorkloads.All.Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void What_a_collator_counts_is_what_its_tensors_hold(string workload)
    {
        using var scope = TensorScope.Open();
        var seen = 0;
        foreach (var batch in new BenchInput(TinyWorkloads.Find(workload)).Batches(augment: false).Enumerate(0))
        {
            using (batch)
            {
                var (counted, read) = (batch.Counts, BatchCounts.Of(batch.AttentionMask, batch.Labels));
                Assert.Equal((read.Tokens, read.FirstTokens), (counted.Tokens, counted.FirstTokens));
                Assert.Equal(read.Lengths, counted.Lengths);
                Assert.All(Enumerable.Range(0, batch.Rows), row => Assert.Equal(read.IsLabelled(row), counted.IsLabelled(row)));
                Assert.Equal(batch.LabelledCount, counted.LabelledRows(0, batch.Rows));
                if (batch.AttentionMask is { } mask)
                    Assert.Equal(((long)mask.To(DType.Int64).Sum().Item(), (long)mask.Select(1, 0).To(DType.Int64).Sum().Item()), (batch.Tokens, batch.FirstTokens));
                seen++;
            }
        }

        Assert.True(seen > 2);
    }

    [Fact]
    public void A_batch_that_says_no_counts_counts_its_tensors()
    {
        using var scope = TensorScope.Open();
        using var batch = Made();
        Assert.Equal((4, 1), (batch.Tokens, batch.FirstTokens));
        Assert.Null(batch.Counts.Lengths); // there is padding before a token
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(batch.Counts.IsLabelled));
        using var rows = batch.RowsFrom(1, 2);
        Assert.Equal((1, 2, 4L), (rows.LabelledCount, rows.Rows, rows.Tokens));
        using var plain = new Batch(Tensor.Zeros([2, 3], DType.Int64), Tensor.From([0L, 1]), 2, [new SampleId(1), new SampleId(2)]);
        Assert.Equal((6, 2), (plain.Tokens, plain.FirstTokens));
    }

    [Fact]
    public void Numbers_that_are_missing_are_no_label()
    {
        using var scope = TensorScope.Open();
        using var batch = new Batch(Tensor.Zeros([3, 1]), Tensor.From([1f, 2, float.NaN, float.NaN, float.NaN, 0], 3, 2), 2, [new SampleId(1), new SampleId(2), new SampleId(3)]);
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(batch.Counts.IsLabelled));
        Assert.Equal(1, batch.RowsFrom(0, 2).LabelledCount);
    }

    [Fact]
    public void On_its_own_device_it_is_itself()
    {
        using var batch = Made();
        var before = Tensor.LiveCount;
        Assert.Same(batch, batch.To(Device.Cpu));
        Assert.Same(batch, batch.To(new Device(DeviceKind.Cpu, 0)));
        Assert.Same(batch, batch.MoveTo(Device.Cpu));
        Assert.Equal(before, Tensor.LiveCount);
        Assert.False(batch.Values.IsDisposed);
    }

    [Fact]
    public void On_another_device_all_tensors_are_there_and_all_that_is_known_comes_along()
    {
        var before = Tensor.LiveCount;
        using (var batch = Made())
        {
            using var reads = TensorReads.Count();
            using var there = batch.To(s_elsewhere);
            Assert.Equal((0, 0), (reads.Reads, reads.Transfers));
            Assert.All(new[] { there.Values, there.Labels, there.AttentionMask, there.TokenTypes, there.Positions, there.Segments }, t => Assert.Equal(DeviceKind.Meta, t!.Device.Kind));
            Assert.Equal(batch.Values.Shape, there.Values.Shape);
            Assert.Equal((4, 1, 2, 3), (there.Tokens, there.FirstTokens, there.LabelledCount, there.Rows));
            Assert.Equal((batch.Ids, batch.RowsPerSample, batch.BytesPerSample, batch.FirstLabels, true, "a"), (there.Ids, there.RowsPerSample, there.BytesPerSample, there.FirstLabels, there.Continues, there.Task));
            Assert.False(batch.Values.IsDisposed);
            using var scope = TensorScope.Open();
            Assert.Equal(1, there.RowsFrom(1, 2).LabelledCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_batch_that_moves_leaves_nothing_behind()
    {
        var before = Tensor.LiveCount;
        var batch = Made();
        using (var there = batch.MoveTo(s_elsewhere))
        {
            Assert.True(batch.Values.IsDisposed);
            Assert.Equal(s_elsewhere.Kind, there.Device.Kind);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Pairs_with_a_score_are_found_once_and_move_along()
    {
        using var scope = TensorScope.Open();
        using var batch = new Batch(Tensor.Zeros([5, 1]), Tensor.From([1f, 1, 7, float.NaN, float.NaN], 5, 1), 3, [new SampleId(1), new SampleId(2), new SampleId(3)]) { RowsPerSample = [2, 1, 2] };
        Assert.Equal([0L], batch.ScoredPairs!.Value.First.ToArray<long>());
        Assert.Equal([1L], batch.ScoredPairs!.Value.Second.ToArray<long>());
        Assert.Same(batch.ScoredPairs!.Value.First, batch.ScoredPairs!.Value.First);
        using var there = batch.To(s_elsewhere);
        Assert.Equal((DeviceKind.Meta, 1L), (there.ScoredPairs!.Value.First.Device.Kind, there.ScoredPairs!.Value.Second.Size(0)));
    }

    private static Batch Made()
    {
        using var scope = TensorScope.Open();
        return new Batch(
            Tensor.Zeros([2, 3], DType.Int64), Tensor.From([4L, Batch.NoLabel, 5]), 2, [new SampleId(1), new SampleId(2)], Tensor.From([true, true, false, false, true, true], 2, 3),
            Tensor.Zeros([2, 3], DType.Int64), Tensor.From([0L, 4, 5]), Tensor.Zeros([2, 3], DType.Int64))
        {
            RowsPerSample = [1, 2],
            BytesPerSample = [3, 4],
            FirstLabels = [0, 3],
            Continues = true,
            Task = "a",
        };
    }
}
