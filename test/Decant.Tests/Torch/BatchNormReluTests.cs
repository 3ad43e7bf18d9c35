using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>Norm, sum and ReLU in one operator, on float32 images with their channels side by side, against libtorch's operators one by one.</summary>
public class BatchNormReluTests
{
    [Theory]
    [InlineData(2, 3, 4, 5, true)]
    [InlineData(2, 3, 4, 5, false)]
    [InlineData(7, 16, 9, 3, true)]
    [InlineData(3, 33, 8, 8, false)]
    [InlineData(1, 5, 1, 2, true)]
    public void Answer_statistics_and_gradients_are_those_of_the_operators(int batch, int channels, int height, int width, bool withAround)
    {
        using var scope = TensorScope.Open();
        // Far from 0, so that a variance from squares of the values would have no digits left.
        var image = Tensor.Randn([batch, channels, height, width], new Generator(1)) * 3 + 100;
        var around = withAround ? Tensor.Randn([batch, channels, height, width], new Generator(2)) : null;
        var (fused, fusedParts) = Run(image, around, (x, y, w, b, m, v) => Functional.BatchNormRelu(x.ChannelsLast(), y?.ChannelsLast(), w, b, m, v, 0.2, 1e-4));
        var (plain, parts) = Run(image.To(DType.Float64), around?.To(DType.Float64), (x, y, w, b, m, v) =>
        {
            var normed = Functional.BatchNorm(x, w, b, m, v, training: true, 0.2, 1e-4);
            return (y is null ? normed : normed + y).Relu();
        });
        AreClose(plain, fused, 1e-4, "answer");
        foreach (var (name, expected) in parts)
            AreClose(expected, fusedParts[name], 2e-4, name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_count_of_threads_changes_no_bit(int threads)
    {
        var before = Runtime.Threads;
        try
        {
            using var scope = TensorScope.Open();
            var image = Tensor.Randn([16, 16, 13, 11], new Generator(1));
            static Tensor Fused(Tensor x, Tensor? y, Tensor w, Tensor b, Tensor m, Tensor v) => Functional.BatchNormRelu(x.ChannelsLast(), null, w, b, m, v);
            Runtime.Threads = 1;
            var (one, parts) = Run(image, null, Fused);
            Runtime.Threads = threads;
            var (several, others) = Run(image, null, Fused);
            Assert.Equal(one, several);
            Assert.All(parts, p => Assert.Equal(p.Value, others[p.Key]));
        }
        finally
        {
            Runtime.Threads = before;
        }
    }

    [Fact]
    public void What_is_no_number_is_none_in_its_channel_alone()
    {
        using var scope = TensorScope.Open();
        var values = Tensor.Randn([2, 3, 4, 5], new Generator(1)).ToArray<float>();
        values[(1 * 20) + 7] = float.NaN; // sample 0, channel 1
        var answer = Functional.BatchNormRelu(Tensor.From(values, 2, 3, 4, 5).ChannelsLast(), null, Tensor.Ones([3]), Tensor.Zeros([3]), Tensor.Zeros([3]), Tensor.Ones([3])).Contiguous().ToArray<float>();
        for (var i = 0; i < answer.Length; i++)
            Assert.Equal(i / 20 % 3 == 1, float.IsNaN(answer[i]));
    }

    private static (double[] Answer, Dictionary<string, double[]> Parts) Run(Tensor image, Tensor? around, Func<Tensor, Tensor?, Tensor, Tensor, Tensor, Tensor, Tensor> forward)
    {
        var channels = image.Size(1);
        Tensor Drawn(ulong seed) => (Tensor.Rand([channels], new Generator(seed)) + 0.5).To(image.DType);
        var (x, weight, bias) = (image.Clone(), Drawn(3), Drawn(4) - 1.0);
        var (y, mean, variance) = (around?.Clone(), Drawn(5), Drawn(6));
        Tensor[] trained = y is null ? [x, weight, bias] : [x, weight, bias, y];
        foreach (var tensor in trained)
            tensor.RequiresGrad = true;
        var answer = forward(x, y, weight, bias, mean, variance);
        var seeds = Tensor.Randn(answer.Shape.ToArray(), new Generator(7)).To(image.DType);
        var gradients = Autograd.Grad([(answer * seeds).Sum()], trained);
        var parts = new Dictionary<string, double[]> { ["mean"] = Numbers(mean), ["variance"] = Numbers(variance) };
        foreach (var (name, gradient) in new[] { "input", "weight", "bias", "around" }.Zip(gradients))
            parts[name] = Numbers(gradient!);
        return (Numbers(answer), parts);
    }

    private static double[] Numbers(Tensor tensor) => tensor.Detach().To(DType.Float64).Contiguous().ToArray<double>();

    private static void AreClose(double[] expected, double[] actual, double of, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 1 + expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= of * largest, $"{name}[{i}]: {expected[i]} by the operators, {actual[i]} by one");
    }
}
