using Decant.Torch;
using Decant.Training;

namespace Decant.Tests.Training;

public sealed class GradientsTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Clipping_is_that_of_PyTorch_whether_the_norm_was_read_or_not(bool isRead)
    {
        var cases = Golden.Optimizers.GetProperty("clipping").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var golden in cases)
        {
            var given = golden.GetProperty("gradients").EnumerateArray().Select(g => Tensor.From(Golden.Floats(g))).ToArray();
            var parameters = given.Select(g => Leaf(g.ZerosLike())).ToArray();
            using var gradients = new Gradients(parameters);
            Gradients.Add((parameters[0] * given[0]).Sum() + (parameters[1] * given[1]).Sum());
            var norm = Clip(gradients, golden.GetProperty("limit").GetDouble(), isRead);
            var expected = golden.GetProperty("norm").GetDouble();
            Assert.Equal(expected, norm, 1e-6 * Math.Max(1, expected));
            foreach (var (clipped, gradient) in golden.GetProperty("clipped").EnumerateArray().Zip(gradients.All))
                Golden.Close(clipped, gradient!, 1e-6, $"norm {expected}");
        }
    }

    [Fact]
    public void A_norm_that_stays_on_its_device_clips_to_the_same_bits()
    {
        using var generator = new Generator(3);
        foreach (var limit in new[] { 1e-3, 0.37, 5.5, 1e4 })
        {
            var given = Enumerable.Range(1, 4).Select(i => Tensor.Randn([i, 7], generator)).ToArray();
            var read = Clipped(given, limit, isRead: true);
            Assert.Equal(read, Clipped(given, limit, isRead: false));
            Assert.Equal(limit > 100, read.SequenceEqual(given.SelectMany(g => g.ToArray<float>())));
        }
    }

    [Fact]
    public void Parameters_that_are_added_to_each_other_are_clipped_once_each()
    {
        // autograd.grad gives both one and the same tensor: scaled in place, it would be scaled twice.
        Tensor[] parameters = [Leaf(Tensor.Zeros([2])), Leaf(Tensor.Zeros([2]))];
        using var gradients = new Gradients(parameters);
        Gradients.Add(((parameters[0] + parameters[1]) * Tensor.From([3f, 4f])).Sum());
        Assert.Equal(Math.Sqrt(50), Clip(gradients, 1), 1e-5);
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

    private static float[] Clipped(Tensor[] given, double limit, bool isRead)
    {
        var parameters = given.Select(g => Leaf(g.ZerosLike())).ToArray();
        using var gradients = new Gradients(parameters);
        foreach (var (parameter, gradient) in parameters.Zip(given))
            Gradients.Add((parameter * gradient).Sum());
        Clip(gradients, limit, isRead);
        return [.. gradients.All.SelectMany(g => g!.ToArray<float>())];
    }

    private static double Clip(Gradients gradients, double limit, bool isRead = true)
    {
        using var reading = new LossReading([], [], Tensor.Zeros([0]), []);
        reading.Take(gradients.Norm());
        if (isRead)
            _ = reading.Norm;
        Assert.Equal(isRead, reading.IsRead);
        gradients.Clip(limit, reading);
        return reading.Norm;
    }

    private static Tensor Leaf(Tensor value)
    {
        value.RequiresGrad = true;
        return value;
    }
}
