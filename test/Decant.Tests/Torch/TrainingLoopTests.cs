using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>A small network trained step by step: what the engine must hold together under load.</summary>
public class TrainingLoopTests
{
    [Fact]
    public void A_thousand_steps_leave_as_many_tensors_and_bytes_alive_as_one()
    {
        using var network = new Network(seed: 1);
        network.Step();
        var (count, bytes) = (Tensor.LiveCount, Tensor.LiveBytes);
        for (var i = 0; i < 1000; i++)
            network.Step();
        Assert.Equal(count, Tensor.LiveCount);
        Assert.Equal(bytes, Tensor.LiveBytes);
    }

    [Fact]
    public void A_thousand_steps_take_no_more_native_memory_than_some()
    {
        using var network = new Network(seed: 1);
        for (var i = 0; i < 200; i++)
            network.Step();
        var before = Environment.WorkingSet;
        for (var i = 0; i < 1000; i++)
            network.Step();
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64L << 20);
    }

    [Fact]
    public void Two_threads_that_train_different_networks_get_the_numbers_they_get_alone()
    {
        var threads = Runtime.Threads;
        try
        {
            Runtime.Threads = 1;
            var alone = new[] { Train(1), Train(2) };
            var together = new float[2][];
            Parallel.Invoke(() => together[0] = Train(1), () => together[1] = Train(2));
            Assert.Equal(alone[0], together[0]);
            Assert.Equal(alone[1], together[1]);
            Assert.NotEqual(alone[0], alone[1]);
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    [Fact]
    public void Training_learns()
    {
        using var network = new Network(seed: 3);
        var first = network.Step();
        for (var i = 0; i < 200; i++)
            network.Step();
        Assert.InRange(network.Step(), 0, first / 10);
    }

    private static float[] Train(ulong seed)
    {
        using var network = new Network(seed);
        for (var i = 0; i < 100; i++)
            network.Step();
        return network.Weights();
    }

    private sealed class Network : IDisposable
    {
        private readonly TensorScope _owned = TensorScope.Open();
        private readonly Tensor[] _parameters;
        private readonly Generator _random;

        public Network(ulong seed)
        {
            _random = new Generator(seed);
            _parameters = [Tensor.Randn([32, 8], _random) * 0.3, Tensor.Zeros([32]), Tensor.Randn([1, 32], _random) * 0.3, Tensor.Zeros([1])];
            foreach (var parameter in _parameters)
                parameter.RequiresGrad = true;
        }

        /// <summary>One step of gradient descent towards the sine of the inputs' sum; returns the loss.</summary>
        public double Step()
        {
            using var scope = TensorScope.Open();
            var x = Tensor.Rand([64, 8], _random) - 0.5;
            var hidden = Functional.Linear(x, _parameters[0], _parameters[1]).Tanh();
            var loss = (Functional.Linear(hidden, _parameters[2], _parameters[3]) - x.Sum([1], true).Sin()).Square().Mean();
            loss.Backward();
            using var noGrad = Autograd.NoGrad();
            var gradients = Array.ConvertAll(_parameters, p => p.Grad!);
            Foreach.Add(_parameters, gradients, -0.05);
            Foreach.Zero(gradients);
            return loss.Item();
        }

        public float[] Weights() => [.. _parameters.SelectMany(p => p.ToArray<float>())];

        public void Dispose()
        {
            _owned.Dispose();
            _random.Dispose();
        }
    }
}
