using Decant.Torch;

namespace Decant.Tests.Torch;

public sealed class AutocastTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Linear_layers_compute_in_bfloat16_inside_and_in_float32_again_after_it()
    {
        var (x, weight) = (Tensor.Ones([2, 3]), Tensor.Ones([4, 3]));
        using (Autocast.Begin(DType.BFloat16, DeviceKind.Cpu))
            Assert.Equal(DType.BFloat16, Functional.Linear(x, weight).DType);
        Assert.Equal(DType.Float32, Functional.Linear(x, weight).DType);
    }

    [Fact]
    public void The_weight_and_its_gradient_stay_float32()
    {
        var weight = Tensor.Full([4, 3], 1 + (1.0 / 512));
        weight.RequiresGrad = true;
        Tensor answer;
        using (Autocast.Begin(DType.BFloat16, DeviceKind.Cpu)) answer = Functional.Linear(Tensor.Ones([2, 3]), weight);
        answer.To(DType.Float32).Sum().Backward();
        Assert.Equal(DType.Float32, weight.Grad!.DType);
        Assert.All(weight.Grad.ToArray<float>(), g => Assert.Equal(2, g));
        Assert.Equal(3, answer.Detach().To(DType.Float32).ToArray<float>()[0]); // bfloat16 has no 1 + 1/512
        Assert.Equal(1 + (1f / 512), weight.ToArray<float>()[0]);
    }

    [Fact]
    public void What_was_cast_is_forgotten_at_the_end_so_that_a_weight_that_moved_is_cast_anew()
    {
        var weight = Tensor.Ones([1, 3]);
        weight.RequiresGrad = true;
        float Answer()
        {
            using (Autocast.Begin(DType.BFloat16, DeviceKind.Cpu)) return Functional.Linear(Tensor.Ones([1, 3]), weight).Detach().To(DType.Float32).ToArray<float>()[0];
        }

        Assert.Equal(3, Answer());
        using (Autograd.NoGrad()) weight.AddInPlace(Tensor.Ones([1, 3]));
        Assert.Equal(6, Answer());
    }

    [Fact]
    public void It_belongs_to_its_thread()
    {
        var mode = Autocast.Begin(DType.BFloat16, DeviceKind.Cpu);
        DType elsewhere = default;
        Exception? error = null;
        var other = new Thread(() =>
        {
            using var scope = TensorScope.Open();
            elsewhere = Functional.Linear(Tensor.Ones([2, 3]), Tensor.Ones([4, 3])).DType;
            error = Record.Exception(mode.Dispose);
        });
        other.Start();
        other.Join();
        Assert.Equal(DType.Float32, elsewhere);
        Assert.IsType<InvalidOperationException>(error);
        using (Autocast.Begin(DType.BFloat16, DeviceKind.Cpu))
        {
            // Ends what the other thread could not.
        }

        Assert.Equal(DType.Float32, Functional.Linear(Tensor.Ones([2, 3]), Tensor.Ones([4, 3])).DType);
    }

    [Fact]
    public void A_device_without_mixed_precision_is_named() =>
        Assert.Contains("Meta", Assert.Throws<TorchException>(() => Autocast.Begin(DType.BFloat16, DeviceKind.Meta)).Message);
}
