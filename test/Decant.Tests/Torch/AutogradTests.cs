using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class AutogradTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Derivatives_of_higher_order_come_from_recording_the_backward()
    {
        var x = Leaf(2, -3);
        var first = Autograd.Grad([x.Pow(4).Sum()], [x], createGraph: true)[0]!;
        var second = Autograd.Grad([first.Sum()], [x], createGraph: true)[0]!;
        var third = Autograd.Grad([second.Sum()], [x])[0]!;
        Assert.Equal([32.0, -108], first.ToArray<double>());
        Assert.Equal([48.0, 108], second.ToArray<double>());
        Assert.Equal([48.0, -72], third.ToArray<double>());
        Assert.False(third.RequiresGrad);
    }

    [Fact]
    public void A_penalty_on_a_gradient_trains_what_made_the_gradient()
    {
        var (x, w) = (Leaf(1, 2), Leaf(3, -1));
        var slope = Autograd.Grad([(x.Square() * w).Sum()], [x], createGraph: true)[0]!; // 2xw
        slope.Square().Sum().Backward();
        Assert.Equal([24.0, -32], w.Grad!.ToArray<double>()); // 8x²w
    }

    [Fact]
    public void A_graph_serves_once_unless_it_is_retained()
    {
        var x = Leaf(2);
        var y = x.Square().Sum();
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal([8.0], x.Grad!.ToArray<double>());
        Assert.Contains("second time", Assert.Throws<TorchException>(() => y.Backward()).Message);
    }

    [Fact]
    public void Inputs_that_took_no_part_are_an_error_or_null()
    {
        var (x, unused) = (Leaf(2), Leaf(3));
        var y = x.Square().Sum();
        Assert.Contains("allow_unused", Assert.Throws<TorchException>(() => Autograd.Grad([y], [x, unused], retainGraph: true)).Message);
        var found = Autograd.Grad([y], [x, unused], allowUnused: true);
        Assert.Equal(4, found[0]!.Item());
        Assert.Null(found[1]);
    }

    [Fact]
    public void Seeds_flow_into_outputs_that_are_no_scalars()
    {
        var x = Leaf(1, 2);
        Assert.Contains("scalar outputs", Assert.Throws<TorchException>(() => Autograd.Grad([x.Square()], [x])).Message);
        Assert.Equal([20.0, 400], Autograd.Grad([x.Square()], [x], [Tensor.From([10.0, 100])])[0]!.ToArray<double>());
        Assert.Equal([3.0, 5], Autograd.Grad([x.Square().Sum(), x.Sum()], [x], [null, null])[0]!.ToArray<double>());
        x.Square().Backward(Tensor.From([1.0, 2]));
        Assert.Equal([2.0, 8], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Counts_that_do_not_match_are_refused_before_libtorch_sees_them()
    {
        var x = Leaf(1);
        var y = x.Sum();
        Assert.Contains("2 seeds came for 1 outputs", Assert.Throws<ArgumentException>(() => Autograd.Grad([y], [x], [null, null])).Message);
        Assert.Throws<ArgumentException>(() => Autograd.Grad([], [x]));
        Assert.Throws<ArgumentException>(() => Autograd.Grad([y], []));
    }

    [Fact]
    public void Backward_from_what_was_not_recorded_says_so()
    {
        var error = Assert.Throws<TorchException>(() => Tensor.Zeros([]).Backward());
        Assert.StartsWith("backward from float32[]: ", error.Message);
        Assert.Contains("does not require grad", error.Message);
    }

    [Fact]
    public void Gradients_add_up_and_can_be_set_and_dropped()
    {
        var x = Leaf(1, 2);
        Assert.False(x.HasGrad);
        Assert.Null(x.Grad);
        x.Sum().Backward();
        x.Sum().Backward();
        Assert.Equal([2.0, 2], x.Grad!.ToArray<double>());

        using (var other = Tensor.From([5.0, 6]))
            x.Grad = other; // takes a reference of its own
        Assert.Equal([5.0, 6], x.Grad.ToArray<double>());

        x.Grad.ZeroInPlace(); // the very memory
        Assert.Equal([0.0, 0], x.Grad.ToArray<double>());
        x.Grad = null;
        Assert.False(x.HasGrad);
    }

    [Fact]
    public void A_gradient_of_another_shape_or_type_is_refused()
    {
        var x = Leaf(1, 2);
        Assert.Contains("the gradient has the shape [3], the tensor has [2]", Assert.Throws<TorchException>(() => x.Grad = Tensor.Zeros([3], DType.Float64)).Message);
        Assert.Contains("the gradient is Float", Assert.Throws<TorchException>(() => x.Grad = Tensor.Zeros([2])).Message);
        Assert.Contains("its own gradient", Assert.Throws<TorchException>(() => x.Grad = x).Message);
        Assert.Contains("the gradient is on meta", Assert.Throws<TorchException>(() => x.Grad = Tensor.Zeros([2], DType.Float64, new Device(DeviceKind.Meta))).Message);
    }

    [Fact]
    public void Reading_whether_there_is_a_gradient_makes_no_tensor()
    {
        var x = Leaf(1);
        x.Sum().Backward();
        var live = Tensor.LiveCount;
        Assert.True(x.HasGrad);
        Assert.Equal(live, Tensor.LiveCount);
    }

    [Fact]
    public void Leaves_cannot_be_changed_in_place_while_recording()
    {
        var x = Leaf(1);
        Assert.Contains("leaf", Assert.Throws<TorchException>(() => x.MulInPlace(2)).Message);
        using (Autograd.NoGrad())
            x.MulInPlace(2);
        Assert.Equal(2, x.Item());
        Assert.True(x.IsLeaf);
    }

    [Fact]
    public void A_change_in_place_of_what_backward_needs_is_an_error()
    {
        var x = Leaf(1);
        var y = x.Exp();
        var loss = y.Square().Sum();
        using (Autograd.NoGrad())
            y.AddInPlace(1);
        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(() => loss.Backward()).Message);
    }

    [Fact]
    public void Integers_carry_no_gradients() =>
        Assert.Contains("floating point", Assert.Throws<TorchException>(() => Tensor.Zeros([1], DType.Int64).RequiresGrad = true).Message);

    [Fact]
    public void Recording_is_switched_off_and_on_inside_each_other()
    {
        var x = Leaf(1);
        Assert.True(Autograd.IsEnabled);
        using (Autograd.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.EnableGrad())
                Assert.True((x * 2).RequiresGrad);
            Assert.False(Autograd.IsEnabled);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Recording_is_off_for_the_thread_that_switched_it_off_alone()
    {
        using var noGrad = Autograd.NoGrad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = Autograd.IsEnabled);
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
        Assert.False(Autograd.IsEnabled);
    }

    [Fact]
    public void Switching_back_on_another_thread_is_an_error()
    {
        var mode = Autograd.NoGrad();
        try
        {
            Exception? error = null;
            var thread = new Thread(() => error = Record.Exception(mode.Dispose));
            thread.Start();
            thread.Join();
            Assert.Contains("await", Assert.IsType<InvalidOperationException>(error).Message);
        }
        finally
        {
            using var on = Autograd.EnableGrad();
            mode.Dispose(); // has ended already
        }

        // This thread was left without gradients, as the error said.
        Assert.False(Autograd.IsEnabled);
        Decant.Torch.Interop.AutogradCalls.Enabled = true;
    }

    [Fact]
    public void Detached_tensors_share_memory_and_no_history()
    {
        var x = Leaf(1, 2);
        var still = x.Detach();
        Assert.False(still.RequiresGrad);
        still.AddInPlace(1);
        Assert.Equal([2.0, 3], x.ToArray<double>());
    }

    private static Tensor Leaf(params double[] values)
    {
        var x = Tensor.From(values);
        x.RequiresGrad = true;
        return x;
    }
}
