using Decant.Torch;

namespace Decant.Tests.Torch;

public class ShapesOnlyTests
{
    [Fact]
    public void Tensors_have_shapes_and_types_and_no_memory()
    {
        using var shapes = ShapesOnly.Open();
        using var scope = TensorScope.Open();
        var weight = Tensor.Randn([1_000_000, 1_000_000]);
        var answer = Functional.Linear(Tensor.Zeros([3, 1_000_000]), weight);
        Assert.Equal([3L, 1_000_000L], answer.Shape);
        Assert.Equal(DeviceKind.Meta, answer.Device.Kind);
        Assert.Equal((DType.Int64, DeviceKind.Meta), (Tensor.From(new long[] { 1, 2 }).DType, Tensor.ViewOf(new float[4], 2, 2).Device.Kind));
        Assert.True(shapes.Bytes > 4_000_000_000_000);
    }

    [Fact]
    public void Numbers_that_are_drawn_afterwards_are_what_they_would_have_been()
    {
        using var scope = TensorScope.Open();
        using var generator = Generator.Default();
        generator.Seed(7);
        var expected = Tensor.Rand([5]).ToArray<float>();
        generator.Seed(7);
        using (ShapesOnly.Open())
            Tensor.Rand([5]).Dispose();
        Assert.Equal(expected, Tensor.Rand([5]).ToArray<float>());
    }

    [Fact]
    public void Another_flow_of_control_is_left_alone()
    {
        using var opened = new ManualResetEventSlim();
        using var made = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            using var shapes = ShapesOnly.Open();
            opened.Set();
            made.Wait();
        });
        other.Start();
        opened.Wait();
        using var tensor = Tensor.Zeros([2]);
        made.Set();
        other.Join();
        Assert.Equal(DeviceKind.Cpu, tensor.Device.Kind);
        Assert.False(ShapesOnly.IsOpen);
    }

    [Fact]
    public void A_kernel_that_does_not_fit_is_refused_as_with_memory()
    {
        using var shapes = ShapesOnly.Open();
        using var scope = TensorScope.Open();
        Assert.Throws<TorchException>(() => Functional.Conv2d(Tensor.Zeros([1, 3, 4, 4]), Tensor.Zeros([8, 3, 7, 7])));
    }
}
