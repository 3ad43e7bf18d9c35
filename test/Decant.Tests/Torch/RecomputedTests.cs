using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>Parts of a graph whose backward pass is a function of this program.</summary>
public sealed class RecomputedTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    /// <summary>y = x², z = 3·Σy: dz/dx = 6·x.</summary>
    [Fact]
    public void Its_inputs_get_what_the_function_makes_of_the_gradient_that_flows_in()
    {
        var x = Leaf(1, 2);
        var flowed = Array.Empty<double>();
        var y = Autograd.Recomputed(Apart(x.Square), [x], flowing =>
        {
            flowed = flowing.ToArray<double>();
            using var scope = TensorScope.Open();
            return [TensorScope.Own(flowing * 2 * x.Detach())];
        });
        Assert.Equal([1.0, 4], y.ToArray<double>());
        (y.Sum() * 3).Backward();
        Assert.Equal([3.0, 3], flowed);
        Assert.Equal([6.0, 12], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void It_may_run_a_graph_of_its_own()
    {
        var (x, w) = (Leaf(1, 2), Leaf(5, 7));
        var y = Autograd.Recomputed(Apart(() => x * w), [x, w], flowing =>
        {
            using var scope = TensorScope.Open();
            using var recorded = Autograd.EnableGrad();
            var gradients = Autograd.Grad([x.Detach() * w], [w], [flowing]);
            return [null, TensorScope.Own(gradients[0]!)];
        });
        y.Sum().Backward();
        Assert.Null(x.Grad);
        Assert.Equal([1.0, 2], w.Grad!.ToArray<double>());
    }

    [Fact]
    public void What_goes_wrong_in_it_comes_out_of_the_backward_pass()
    {
        var x = Leaf(1);
        var y = Autograd.Recomputed(Apart(x.Square), [x], _ => throw new InvalidOperationException("zu spät, naïve"));
        Assert.Contains("zu spät, naïve", Assert.Throws<TorchException>(() => y.Backward()).Message);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Where_nothing_is_recorded_or_no_input_takes_a_gradient_it_is_the_output()
    {
        var (x, still) = (Leaf(1), Tensor.From([2.0]));
        var output = Apart(x.Square);
        Assert.Same(output, Autograd.Recomputed(output, [still], _ => []));
        using var noGrad = Autograd.NoGrad();
        Assert.Same(output, Autograd.Recomputed(output, [x], _ => []));
    }

    [Fact]
    public void The_graph_is_used_once_and_leaves_nothing_behind()
    {
        var before = Tensor.LiveCount;
        WeakReference held;
        using (TensorScope.Open())
        {
            var x = Leaf(1, 2);
            (var sum, held) = Squared(x);
            sum.Backward();
            Assert.Contains("used before", Assert.Throws<TorchException>(() => sum.Backward()).Message);
        }

        Assert.Equal(before, Tensor.LiveCount);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(held.IsAlive);
    }

    [Fact]
    public void A_graph_that_is_never_used_lets_go_of_it_too()
    {
        WeakReference held;
        using (TensorScope.Open())
            (_, held) = Squared(Leaf(1, 2));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(held.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static (Tensor Sum, WeakReference Held) Squared(Tensor x)
    {
        var held = new object();
        var y = Autograd.Recomputed(Apart(x.Square), [x], flowing =>
        {
            Assert.NotNull(held);
            using var scope = TensorScope.Open();
            return [TensorScope.Own(flowing * 2 * x.Detach())];
        });
        return (y.Sum(), new WeakReference(held));
    }

    private static Tensor Apart(Func<Tensor> work)
    {
        using var noGrad = Autograd.NoGrad();
        return work();
    }

    private static Tensor Leaf(params double[] values)
    {
        var leaf = Tensor.From(values);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
