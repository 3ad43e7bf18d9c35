using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class GivenGradientsTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_number_is_the_value_and_each_input_gets_its_gradient_times_what_flows_in()
    {
        var (x, w) = (Leaf(1, 2), Leaf(5));
        var number = Autograd.WithGradients(Tensor.From([7.0]).Sum(), [x, w], [Tensor.From([3.0, 4]), Tensor.From([10.0])]);
        Assert.Equal(7, number.Item());
        (number * 0.5).Backward();
        Assert.Equal([1.5, 2], x.Grad!.ToArray<double>());
        Assert.Equal([5.0], w.Grad!.ToArray<double>());
    }

    [Fact]
    public void An_input_that_needs_no_gradient_gets_none()
    {
        var (x, still) = (Leaf(1, 2), Tensor.From([5.0]));
        Autograd.WithGradients(Tensor.From([7.0]), [still, x], [Tensor.From([10.0]), Tensor.From([3.0, 4])]).Backward();
        Assert.Equal([3.0, 4], x.Grad!.ToArray<double>());
        Assert.Null(still.Grad);
        Assert.False(Autograd.WithGradients(Tensor.From([7.0]), [still], [Tensor.From([10.0])]).RequiresGrad);
    }

    [Fact]
    public void Where_nothing_is_recorded_it_is_a_plain_number()
    {
        var x = Leaf(1, 2);
        using var noGrad = Autograd.NoGrad();
        var number = Autograd.WithGradients(Tensor.From([7.0]), [x], [Tensor.From([3.0, 4])]);
        Assert.Equal((7.0, false), (number.Item(), number.RequiresGrad));
    }

    [Fact]
    public void The_value_is_copied()
    {
        var value = Tensor.From([7.0]);
        var number = Autograd.WithGradients(value, [Leaf(1)], [Tensor.From([3.0])]);
        value.MulInPlace(2);
        Assert.Equal(7, number.Item());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var x = Leaf(1, 2);
        Assert.Contains("shape", Assert.Throws<TorchException>(() => Autograd.WithGradients(Tensor.From([7.0]), [x], [Tensor.From([3.0])])).Message);
        Assert.Contains("one number", Assert.Throws<TorchException>(() => Autograd.WithGradients(Tensor.From([7.0, 8]), [x], [Tensor.From([3.0, 4])])).Message);
        Assert.Throws<ArgumentException>(() => Autograd.WithGradients(Tensor.From([7.0]), [x], []));
        Assert.Throws<ArgumentException>(() => Autograd.WithGradients(Tensor.From([7.0]), [], []));
        Assert.Null(x.Grad);
    }

    [Fact]
    public void The_graph_serves_once_unless_it_is_retained()
    {
        var x = Leaf(1, 2);
        var number = Autograd.WithGradients(Tensor.From([7.0]), [x], [Tensor.From([3.0, 4])]);
        number.Backward(retainGraph: true);
        number.Backward();
        Assert.Equal([6.0, 8], x.Grad!.ToArray<double>());
        Assert.Throws<TorchException>(() => number.Backward());
    }

    [Fact]
    public void Through_a_layer_behind_it_the_gradients_are_autograds_own()
    {
        using var generator = new Generator(3);
        var input = Tensor.Randn([5, 4], generator);
        var (own, given) = (Gradients(h => h.Square().Sum()), Gradients(h => Autograd.WithGradients(h.Detach().Square().Sum(), [h], [h.Detach() * 2])));
        Assert.Equal(own.Length, given.Length);
        for (var i = 0; i < own.Length; i++)
            Assert.Equal(own[i], given[i], 1e-6f);
        Assert.Contains(own, g => Math.Abs(g) > 0.1);

        float[] Gradients(Func<Tensor, Tensor> loss)
        {
            using var weights = new Generator(4);
            var weight = Tensor.Randn([3, 4], weights);
            var bias = Tensor.Randn([3], weights);
            (weight.RequiresGrad, bias.RequiresGrad) = (true, true);
            loss(Functional.Linear(input, weight, bias).Tanh()).Backward();
            return [.. weight.Grad!.ToArray<float>(), .. bias.Grad!.ToArray<float>()];
        }
    }

    [Fact]
    public void The_gradients_go_with_the_graph()
    {
        var x = Leaf(1, 2);
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
            Autograd.WithGradients(Tensor.From([7.0]), [x], [Tensor.From([3.0, 4])]).Backward();
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static Tensor Leaf(params double[] values)
    {
        var leaf = Tensor.From(values);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
