using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Modules;

public class ModuleTests
{
    [Fact]
    public void A_module_that_is_where_it_is_to_be_stays_as_it_is()
    {
        using var scope = TensorScope.Open();
        using var module = new Linear(2, 3);
        using var reads = TensorReads.Count();
        Assert.Same(module, module.On(Device.Cpu));
        Assert.Equal((0, Device.Cpu), (reads.Transfers, module.Device));
        using var shapes = ShapesOnly.Open();
        using var without = new Linear(2, 3);
        Assert.Equal(DeviceKind.Meta, without.On(Device.Cpu).Device.Kind); // nothing to move
    }

    [Fact]
    public void State_goes_out_and_into_another_module()
    {
        using var scope = TensorScope.Open();
        using var one = new Pair(new Generator(1));
        using var two = new Pair(new Generator(2));
        var input = Tensor.Randn([3, 4]);
        Assert.NotEqual(one.Forward(input).ToArray<float>(), two.Forward(input).ToArray<float>());
        two.LoadStateDict(one.StateDict());
        Assert.Equal(one.Forward(input).ToArray<float>(), two.Forward(input).ToArray<float>());
        Assert.Equal(["first.bias", "first.weight", "norm.bias", "norm.num_batches_tracked", "norm.running_mean", "norm.running_var", "norm.weight"], one.StateDict().Keys);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_with_every_fault_and_nothing_is_copied()
    {
        using var scope = TensorScope.Open();
        using var module = new Pair(new Generator(1));
        var before = module.StateDict()["first.weight"].ToArray<float>();
        var given = new Dictionary<string, Tensor>(module.StateDict()) { ["first.weight"] = Tensor.Zeros([5, 4]), ["norm.bias"] = Tensor.Zeros([6]), ["more"] = Tensor.Zeros([2]) };
        given.Remove("first.bias");
        var error = Assert.Throws<DecantException>(() => module.LoadStateDict(given));
        Assert.Contains("missing: first.bias [5]", error.Message);
        Assert.Contains("shape: norm.bias is [5] in the model, [6] in the weights", error.Message);
        Assert.Contains("unexpected: more [2]", error.Message);
        Assert.Equal(before, module.StateDict()["first.weight"].ToArray<float>());
    }

    [Fact]
    public void Faults_beyond_twenty_are_counted_and_not_listed()
    {
        using var scope = TensorScope.Open();
        using var module = new Pair(new Generator(1));
        var given = Enumerable.Range(0, 60).ToDictionary(i => $"x{i}", _ => Tensor.Zeros([1]));
        var error = Assert.Throws<DecantException>(() => module.LoadStateDict(given));
        Assert.Contains("… 66 faults in all", error.Message);
    }

    [Fact]
    public void Weights_of_old_PyTorch_without_a_batch_counter_load()
    {
        using var scope = TensorScope.Open();
        using var module = new BatchNorm2d(3);
        var given = module.StateDict().Where(p => p.Key != "num_batches_tracked").ToDictionary(p => p.Key, p => (p.Value + 2).Detach());
        Assert.Equal(["bias", "running_mean", "running_var", "weight"], given.Keys.Order(StringComparer.Ordinal));
        module.LoadStateDict(given);
        foreach (var (name, value) in given)
            Assert.Equal(value.ToArray<float>(), module.StateDict()[name].ToArray<float>());
        Assert.Equal(0, module.StateDict()["num_batches_tracked"].Item());
    }

    [Fact]
    public void Half_precision_weights_are_converted()
    {
        using var scope = TensorScope.Open();
        using var module = new Linear(2, 2);
        var given = module.StateDict().ToDictionary(p => p.Key, p => p.Value.OnesLike().To(DType.BFloat16));
        module.LoadStateDict(given);
        Assert.Equal(DType.Float32, module.Weight.DType);
        Assert.Equal([1f, 1f, 1f, 1f], module.Weight.ToArray<float>());
    }

    [Fact]
    public void Training_and_evaluation_reach_every_part()
    {
        using var module = new Pair(null);
        Assert.All(module.NamedModules(), m => Assert.True(m.Value.IsTraining));
        module.Eval();
        Assert.All(module.NamedModules(), m => Assert.False(m.Value.IsTraining));
    }

    [Fact]
    public void A_module_moves_to_another_device_with_the_same_tensors()
    {
        using var module = new Pair(null);
        var tensors = module.StateDict();
        var (before, weights) = (Tensor.LiveCount, tensors["first.weight"].ToArray<float>());
        var target = Runtime.CudaDevices > 0 ? Device.Cuda() : Device.Cpu;
        module.To(target);
        Assert.All(module.StateDict(), p => Assert.Same(tensors[p.Key], p.Value));
        Assert.All(tensors.Values, t => Assert.Equal(target.Kind, t.Device.Kind));
        Assert.Equal(weights, tensors["first.weight"].ToArray<float>());
        Assert.True(tensors["first.weight"].RequiresGrad);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Disposing_releases_every_tensor_that_a_module_made()
    {
        var before = Tensor.LiveCount;
        new Pair(null).Dispose();
        new Lstm(3, 4, 2, bidirectional: true).Dispose();
        new MultiHeadAttention(8, 2).Dispose();
        new Embedding(9, 4, padding: 2).Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_module_made_inside_a_scope_outlives_it()
    {
        Linear module;
        using (TensorScope.Open())
            module = new Linear(2, 3);
        Assert.False(module.Weight.IsDisposed);
        module.Dispose();
    }

    [Fact]
    public void A_thousand_steps_leave_as_many_tensors_as_one()
    {
        using var lstm = new Lstm(3, 4, 2, bidirectional: true, dropout: 0.1);
        using var attention = new MultiHeadAttention(8, 2, 0.1);
        using var norm = new BatchNorm1d(8);
        using var mask = Tensor.From([true, false, false, true, true, true], 2, 3);
        Step();
        var before = Tensor.LiveCount;
        for (var i = 0; i < 200; i++)
            Step();
        Assert.Equal(before, Tensor.LiveCount);

        void Step()
        {
            using var scope = TensorScope.Open();
            var states = lstm.Forward(Tensor.Randn([2, 3, 3]), mask).Output;
            var x = attention.Forward(states, TokenMask.ToAttentionBias(mask, 2));
            norm.Forward(TokenMask.Mean(x, mask) + TokenMask.Max(x, mask)).Sum().Backward();
        }
    }

    private sealed class Pair : Module
    {
        private readonly Linear _first;
        private readonly BatchNorm1d _norm;

        public Pair(Generator? generator)
        {
            _first = RegisterModule("first", new Linear(4, 5, generator: generator));
            _norm = RegisterModule("norm", new BatchNorm1d(5));
        }

        public Tensor Forward(Tensor input) => _norm.Forward(_first.Forward(input));
    }
}
