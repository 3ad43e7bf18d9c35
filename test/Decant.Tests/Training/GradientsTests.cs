using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public sealed class GradientsTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Clipping_is_that_of_PyTorch()
    {
        var cases = Golden.Optimizers.GetProperty("clipping").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var golden in cases)
        {
            var given = golden.GetProperty("gradients").EnumerateArray().Select(g => Tensor.From(Golden.Floats(g))).ToArray();
            var parameters = given.Select(g => Leaf(g.ZerosLike())).ToArray();
            using var gradients = new Gradients(parameters);
            Gradients.Add((parameters[0] * given[0]).Sum() + (parameters[1] * given[1]).Sum());
            var norm = gradients.Clip(golden.GetProperty("limit").GetDouble());
            var expected = golden.GetProperty("norm").GetDouble();
            Assert.Equal(expected, norm, 1e-6 * Math.Max(1, expected));
            foreach (var (clipped, gradient) in golden.GetProperty("clipped").EnumerateArray().Zip(gradients.All))
                Golden.Close(clipped, gradient!, 1e-6, $"norm {expected}");
        }
    }

    [Fact]
    public void Parameters_that_are_added_to_each_other_are_clipped_once_each()
    {
        // autograd.grad gives both one and the same tensor: scaled in place, it would be scaled twice.
        Tensor[] parameters = [Leaf(Tensor.Zeros([2])), Leaf(Tensor.Zeros([2]))];
        using var gradients = new Gradients(parameters);
        Gradients.Add(((parameters[0] + parameters[1]) * Tensor.From([3f, 4f])).Sum());
        Assert.Equal(Math.Sqrt(50), gradients.Clip(1), 1e-5);
        foreach (var gradient in gradients.All)
        {
            Assert.Equal(3 / Math.Sqrt(50), gradient!.ToArray<float>()[0], 1e-6);
            Assert.Equal(4 / Math.Sqrt(50), gradient.ToArray<float>()[1], 1e-6);
        }
    }

    [Fact]
    public void An_expanded_gradient_can_be_changed_in_place()
    {
        Tensor[] parameters = [Leaf(Tensor.Ones([3, 2]))];
        using var gradients = new Gradients(parameters);
        Gradients.Add(parameters[0].Sum());
        gradients.AddL1(0.5);
        Assert.All(gradients.All[0]!.ToArray<float>(), g => Assert.Equal(1.5f, g));
    }

    [Fact]
    public void L1_adds_the_sign_of_matrices_and_leaves_vectors_alone()
    {
        Tensor[] parameters = [Leaf(Tensor.From([1f, -2f, 0f, 4f], 2, 2)), Leaf(Tensor.From([1f, -1f]))];
        using var gradients = new Gradients(parameters);
        Gradients.Add((parameters[0] * 0).Sum() + (parameters[1] * 0).Sum());
        gradients.AddL1(0.1);
        Assert.Equal([0.1f, -0.1f, 0, 0.1f], gradients.All[0]!.ToArray<float>());
        Assert.Equal([0, 0], gradients.All[1]!.ToArray<float>());
    }

    [Fact]
    public void Gradients_of_several_batches_are_summed_and_one_that_takes_no_part_is_null()
    {
        Tensor[] parameters = [Leaf(Tensor.Ones([2])), Leaf(Tensor.Ones([2])), Leaf(Tensor.Ones([2]))];
        using var gradients = new Gradients(parameters);
        Gradients.Add(parameters[0].Sum());
        Gradients.Add((parameters[0] * 2).Sum() + parameters[1].Sum());
        Assert.Equal([3, 3], gradients.All[0]!.ToArray<float>());
        Assert.Equal([1, 1], gradients.All[1]!.ToArray<float>());
        Assert.Null(gradients.All[2]);
    }

    [Fact]
    public void What_another_update_left_behind_is_not_counted_and_nothing_is_left_behind()
    {
        Tensor[] parameters = [Leaf(Tensor.Ones([2]))];
        parameters[0].Sum().Backward();
        using (var gradients = new Gradients(parameters))
        {
            Gradients.Add(parameters[0].Sum());
            Assert.Equal([1, 1], gradients.All[0]!.ToArray<float>());
        }

        Assert.Null(parameters[0].Grad);
    }

    private static Tensor Leaf(Tensor value)
    {
        value.RequiresGrad = true;
        return value;
    }
}
