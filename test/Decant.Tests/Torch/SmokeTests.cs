using Decant.Torch;

namespace Decant.Tests.Torch;

public class SmokeTests
{
    [Fact]
    public void A_sum_differentiates_to_ones()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.From([1f, 2f, 3f]);
        x.RequiresGrad = true;
        (x * x).Sum().Backward();
        Assert.Equal([2f, 4f, 6f], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void An_error_names_the_operator_the_shapes_and_what_libtorch_said()
    {
        using var scope = TensorScope.Open();
        var error = Assert.Throws<TorchException>(() => Tensor.Zeros([2, 3]).MatMul(Tensor.Zeros([2, 3])));
        Assert.Contains("aten::matmul(float32[2, 3], float32[2, 3])", error.Message);
    }

    [Fact]
    public void Every_tensor_is_released_with_its_scope()
    {
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
        {
            var (values, indices) = Tensor.Randn([4, 5]).TopK(2);
            _ = Functional.Conv2d(Tensor.Randn([1, 3, 8, 8]), Tensor.Randn([4, 3, 3, 3]), padding: 1).Relu().Mean();
            _ = Tensor.Full([2], 3, device: Device.Cpu).To(DType.Int64).ToString();
            _ = Tensor.Arange(0, 4);
            _ = values.Gelu(tanh: true).Clamp(0, null).Sum([0], true).Var([0], 0);
            _ = indices.Select(0, 0).Select(0, 0).Item();
            _ = new Generator(4).GetState();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void The_runtime_tells_what_is_loaded()
    {
        Assert.NotEmpty(Runtime.TorchVersion);
        Assert.Contains("libtorch", Runtime.TorchPath);
        Runtime.Threads = 2;
        Console.WriteLine(Runtime.BlasPath + " " + Runtime.WaitPolicy + "\n" + Runtime.Describe());
    }
}
