using System.Diagnostics;
using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class TensorReadsTests
{
    [Fact]
    public void What_would_make_a_device_wait_is_counted_and_nothing_else()
    {
        using var scope = TensorScope.Open();
        var (values, mask) = (Tensor.From([1f, 2f, 3f]), Tensor.From([true, false, true]));
        using var reads = TensorReads.Count();
        _ = (values * 2 + 1).Sum();
        _ = Tensor.From([1f, 2f], Device.Cpu, 2);
        _ = values.To(DType.Float64);
        Assert.Equal((0, 0, 0), (reads.Reads, reads.Transfers, reads.OperatorsOfUnknownSize.Count));
        _ = values.Sum().Item();
        _ = values.ToArray<float>();
        _ = values.To(Device.Cpu);
        _ = values.MaskedSelect(mask);
        _ = Tensor.Where(mask, values, values * 2);
        Assert.Equal((2, 1), (reads.Reads, reads.Transfers));
        Assert.Equal(["aten::masked_select"], reads.OperatorsOfUnknownSize);
        _ = new Operator("aten::equal").CallBool(values, values);
        _ = new Operator("aten::index", "Tensor").Call(values, new Tensor?[] { mask });
        Assert.Equal(3, reads.Reads);
        Assert.Equal(["aten::masked_select", "aten::equal", "aten::index.Tensor"], reads.OperatorsOfUnknownSize);
    }

    [Fact]
    public void It_counts_until_it_is_disposed_and_what_is_opened_within_counts_too()
    {
        using var scope = TensorScope.Open();
        var value = Tensor.From([1f]);
        using var outer = TensorReads.Count();
        using (var inner = TensorReads.Count())
        {
            _ = value.Item();
            Assert.Equal((1, 1), (outer.Reads, inner.Reads));
        }

        _ = value.Item();
        Assert.Equal(2, outer.Reads);
        outer.Dispose();
        _ = value.Item();
        Assert.Equal(2, outer.Reads);
    }

    [Fact]
    public void Other_threads_count_for_themselves()
    {
        using var scope = TensorScope.Open();
        var value = Tensor.From([1f]);
        using var reads = TensorReads.Count();
        var thread = new Thread(() => value.Item());
        thread.UnsafeStart();
        thread.Join();
        Assert.Equal(0, reads.Reads);
    }

    [Fact]
    public void Where_none_is_open_asking_for_one_costs_next_to_nothing()
    {
        const int Calls = 10_000_000;
        var open = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Calls; i++)
            open += OperatorListener.IsAnyOpen ? 1 : 0;
        var perCall = clock.Elapsed.TotalNanoseconds / Calls;
        Assert.InRange(open, 0, Calls); // other tests may have one open
        Assert.True(perCall < 20, $"{perCall:0.0} ns a call, where an operator takes several hundred");
    }
}
