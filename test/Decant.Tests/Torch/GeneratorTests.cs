using Decant.Torch;

namespace Decant.Tests.Torch;

public class GeneratorTests
{
    [Fact]
    public void A_seed_determines_the_sequence()
    {
        using var scope = TensorScope.Open();
        using var first = new Generator(11);
        using var second = new Generator(12);
        var once = Draw(first);
        Assert.NotEqual(once, Draw(second));
        Assert.NotEqual(once, Draw(first));
        first.Seed(11);
        Assert.Equal(once, Draw(first));
    }

    [Fact]
    public void A_state_continues_where_it_was_taken_also_in_another_generator()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(11);
        _ = Tensor.Randn([3], generator); // half of a pair of normal numbers is in the state too
        var state = generator.GetState();
        var next = Draw(generator);

        generator.SetState(state);
        Assert.Equal(next, Draw(generator));
        using var other = new Generator(99);
        other.SetState(state);
        Assert.Equal(next, Draw(other));
        Assert.Equal(state.Length, other.GetState().Length);
    }

    [Fact]
    public void Bytes_that_are_no_state_are_refused_and_change_nothing()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(11);
        var state = generator.GetState();
        Assert.Contains("setting a generator's state from 3 bytes", Assert.Throws<TorchException>(() => generator.SetState([1, 2, 3])).Message);
        Assert.Equal(state, generator.GetState());
        Assert.Equal(0, scope.Count);
    }

    [Fact]
    public void The_default_generator_is_one_and_serves_operators_that_are_given_none()
    {
        using var scope = TensorScope.Open();
        using var one = Generator.Default();
        using var same = Generator.Default(Device.Cpu);
        one.Seed(5);
        var state = one.GetState();
        var drawn = Draw(null);
        same.SetState(state);
        Assert.Equal(drawn, Draw(null));
        one.SetState(state);
        var dropped = Functional.Dropout(Tensor.Ones([50]), 0.5, true).ToArray<float>();
        one.SetState(state);
        Assert.Equal(dropped, Functional.Dropout(Tensor.Ones([50]), 0.5, true).ToArray<float>());
    }

    [Fact]
    public void A_generator_of_ones_own_leaves_the_default_one_alone()
    {
        using var scope = TensorScope.Open();
        using var standard = Generator.Default();
        var before = standard.GetState();
        using var own = new Generator(3);
        _ = Draw(own);
        _ = Tensor.Zeros([4]);
        Assert.Equal(before, standard.GetState());
    }

    [Fact]
    public void A_generator_of_a_device_that_is_not_there_is_refused()
    {
        Assert.SkipWhen(Runtime.CudaDevices > 0, "There is a CUDA device here.");
        Assert.Contains("libtorch's generator of cuda:0", Assert.Throws<TorchException>(() => Generator.Default(Device.Cuda())).Message);
    }

    private static float[] Draw(Generator? generator) =>
        [.. Tensor.Randn([5], generator).ToArray<float>(), .. Tensor.Rand([40], generator).ToArray<float>()];
}
