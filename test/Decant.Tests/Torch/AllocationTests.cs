using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>What one operator call allocates on the managed heap: the tensor it gives, the arrays it gives, and nothing else.</summary>
public class AllocationTests
{
    private const int Calls = 1000;

    /// <summary>Header, two numbers, the scope, its slot, the shape and two counters: 72 bytes on 64-bit .NET 10; some room for another version.</summary>
    private const int TensorBytes = 96;

    private static readonly Operator s_relu = new("aten::relu");
    private static readonly Operator s_addIn = new("aten::add_", "Tensor");
    private static readonly Operator s_gelu = new("aten::gelu");
    private static readonly Operator s_permute = new("aten::permute");
    private static readonly Operator s_cat = new("aten::cat");
    private static readonly Operator s_chunk = new("aten::chunk");
    private static readonly long[] s_order = [1, 0];

    [Fact]
    public void A_call_allocates_its_tensor_alone()
    {
        using var x = Tensor.Ones([2, 2]);
        var list = new[] { x, x };
        Assert.InRange(PerCall(() => s_relu.Call(x).Dispose()), 1, TensorBytes);
        Assert.InRange(PerCall(() => s_gelu.Call(x, "tanh").Dispose()), 1, TensorBytes);
        Assert.InRange(PerCall(() => s_permute.Call(x, s_order).Dispose()), 1, TensorBytes);
        Assert.InRange(PerCall(() => s_cat.Call(list, 0L).Dispose()), 1, TensorBytes);
    }

    [Fact]
    public void A_call_in_place_allocates_nothing()
    {
        using var x = Tensor.Ones([2, 2]);
        Assert.Equal(0, PerCall(() => s_addIn.Run(x, x, 0.5)));
    }

    [Fact]
    public void A_call_that_gives_a_list_allocates_its_tensors_and_their_array()
    {
        using var x = Tensor.Ones([4, 2]);
        Assert.InRange(PerCall(() => Array.ForEach(s_chunk.CallMany(x, 4L), s_dispose)), 4, (4 * TensorBytes) + 24 + (4 * 8));
    }

    [Fact]
    public void A_scope_costs_no_more_than_its_list()
    {
        using var x = Tensor.Ones([2, 2]);
        using var scope = TensorScope.Open();
        Assert.InRange(PerCall(() => s_relu.Call(x).Dispose()), 1, TensorBytes);
    }

    private static readonly Action<Tensor?> s_dispose = t => t!.Dispose();

    private static double PerCall(Action call)
    {
        for (var i = 0; i < Calls; i++)
            call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
    }
}
