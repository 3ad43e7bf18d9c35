using System.Text.Json;
using Decant.Torch;
using Decant.Training.Optimizers;

namespace Decant.Tests.Training;

public sealed class OptimizerTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Ten_steps_of_every_optimizer_are_those_of_PyTorch()
    {
        var trajectories = Golden.Optimizers.GetProperty("trajectories").EnumerateArray().ToArray();
        Assert.Equal(12, trajectories.Length);
        foreach (var trajectory in trajectories)
        {
            using var run = new GoldenRun(trajectory);
            foreach (var step in trajectory.GetProperty("steps").EnumerateArray())
            {
                run.Step(step);
                foreach (var (name, parameter) in run.Parameters)
                    Golden.Close(step.GetProperty("parameters").GetProperty(name), parameter, 2e-6, $"{run.Title}, {name}");
            }
        }
    }

    [Fact]
    public void From_a_saved_state_they_go_on_to_the_same_bits()
    {
        foreach (var trajectory in Golden.Optimizers.GetProperty("trajectories").EnumerateArray())
        {
            var steps = trajectory.GetProperty("steps").EnumerateArray().ToArray();
            using var whole = new GoldenRun(trajectory);
            using var second = new GoldenRun(trajectory);
            foreach (var step in steps[..6])
                whole.Step(step);
            foreach (var (name, parameter) in second.Parameters)
                parameter.Detach().CopyInPlace(whole.Parameters[name].Detach());
            second.Optimizer.Restore(whole.Optimizer.State);
            foreach (var step in steps[6..])
            {
                whole.Step(step);
                second.Step(step);
            }

            foreach (var (name, parameter) in whole.Parameters)
                Assert.Equal(parameter.ToArray<float>(), second.Parameters[name].ToArray<float>());
        }
    }

    [Fact]
    public void A_state_of_another_model_is_refused_and_nothing_is_changed()
    {
        using var of = Optimizer(Parameter("a", 2, 2));
        of.Step([Tensor.Ones([2, 2])], 0.1);
        using var other = Optimizer(Parameter("a", 3));
        other.Step([Tensor.Ones([3])], 0.1);
        var before = other.State["mean.a"].ToArray<float>();
        Assert.Contains("another model", Assert.Throws<DecantException>(() => other.Restore(of.State)).Message);
        Assert.Equal(before, other.State["mean.a"].ToArray<float>());
        using var named = Optimizer(Parameter("b", 2, 2));
        Assert.Contains("'mean.a'", Assert.Throws<DecantException>(() => named.Restore(of.State)).Message);
        Assert.Throws<DecantException>(() => named.Restore(new Dictionary<string, Tensor>()));
    }

    [Fact]
    public void Its_own_state_may_be_restored()
    {
        using var optimizer = Optimizer(Parameter("a", 2));
        optimizer.Step([Tensor.Ones([2])], 0.1);
        var before = optimizer.State["mean.a"].ToArray<float>();
        optimizer.Restore(optimizer.State);
        Assert.Equal(before, optimizer.State["mean.a"].ToArray<float>());
        Assert.Equal([1L], optimizer.State["updates"].ToArray<long>());
    }

    [Fact]
    public void Weight_decay_is_for_tensors_of_two_dimensions_and_more_and_frozen_ones_are_left_out()
    {
        var frozen = Parameter("frozen.weight", 4, 4);
        frozen.Value.RequiresGrad = false;
        KeyValuePair<string, Tensor>[] parameters =
            [Parameter("conv.weight", 2, 3, 3, 3), Parameter("conv.bias", 2), Parameter("norm.weight", 2), Parameter("out.weight", 5, 2), frozen];
        var groups = Decant.Training.Optimizers.Optimizer.GroupByDecay(parameters, 0.1);
        Assert.Equal(2, groups.Count);
        Assert.Equal(["conv.weight", "out.weight"], groups[0].Names);
        Assert.Equal(0.1, groups[0].WeightDecay);
        Assert.Equal(["conv.bias", "norm.weight"], groups[1].Names);
        Assert.Equal(0, groups[1].WeightDecay);
        var all = Assert.Single(Decant.Training.Optimizers.Optimizer.GroupByDecay(parameters, 0.1, decayAll: true));
        Assert.Equal(4, all.Names.Count);
        Assert.Equal(0.1, all.WeightDecay);
    }

    [Fact]
    public void Nothing_is_left_alive_but_the_state_and_that_is_released_with_the_optimizer()
    {
        var parameter = Parameter("a", 3, 2);
        var gradient = Tensor.Ones([3, 2]);
        var before = Tensor.LiveCount;
        using (var optimizer = Optimizer(parameter))
        {
            optimizer.Step([gradient], 0.1);
            var after = Tensor.LiveCount;
            for (var i = 0; i < 20; i++)
                optimizer.Step([gradient], 0.1);
            Assert.Equal(after, Tensor.LiveCount);
            Assert.Equal(before + 3, after);    // mean, square, updates
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        var groups = Decant.Training.Optimizers.Optimizer.GroupByDecay([Parameter("a", 2)], 0);
        Assert.Contains("nesterov", Assert.Throws<DecantException>(() => new SgdOptimizer(groups, new Sgd { LearningRate = 1, Nesterov = true })).Message);
        Assert.Contains("Beta1", Assert.Throws<DecantException>(() => new AdamOptimizer(groups, new Adam { LearningRate = 1, Beta1 = 1 })).Message);
        Assert.Contains("Alpha", Assert.Throws<DecantException>(() => new RmsPropOptimizer(groups, new RmsProp { LearningRate = 1, Alpha = -1 })).Message);
        using var one = Optimizer(Parameter("a", 2));
        Assert.Throws<ArgumentException>(() => one.Step([null, null], 0.1));
    }

    private static KeyValuePair<string, Tensor> Parameter(string name, params long[] shape)
    {
        var tensor = Tensor.Ones(shape);
        tensor.RequiresGrad = true;
        return new(name, tensor);
    }

    private static AdamOptimizer Optimizer(KeyValuePair<string, Tensor> parameter) =>
        new(Decant.Training.Optimizers.Optimizer.GroupByDecay([parameter], 0), new Adam { LearningRate = 1 });
}

/// <summary>Parameters and optimizer of one golden trajectory.</summary>
internal sealed class GoldenRun : IDisposable
{
    public GoldenRun(JsonElement trajectory)
    {
        var kind = trajectory.GetProperty("kind").GetString()!;
        Title = $"{kind} {trajectory.GetProperty("name").GetString()}";
        foreach (var shape in Golden.Optimizers.GetProperty("shapes").EnumerateObject())
        {
            var sizes = shape.Value.EnumerateArray().Select(s => s.GetInt64()).ToArray();
            var parameter = Tensor.From(Golden.Floats(trajectory.GetProperty("start").GetProperty(shape.Name)), sizes);
            parameter.RequiresGrad = true;
            Parameters.Add(shape.Name, parameter);
        }

        Optimizer = Make(kind, trajectory.GetProperty("options"));
    }

    public string Title { get; }

    public Dictionary<string, Tensor> Parameters { get; } = [];

    public Optimizer Optimizer { get; }

    public void Step(JsonElement step)
    {
        using var scope = TensorScope.Open();
        var gradients = Parameters.Select(p => step.GetProperty("gradients").GetProperty(p.Key) is { ValueKind: JsonValueKind.Array } g
            ? Tensor.From(Golden.Floats(g), p.Value.Shape)
            : null);
        Optimizer.Step([.. gradients], step.GetProperty("learning-rate").GetDouble());
    }

    public void Dispose() => Optimizer.Dispose();

    private Optimizer Make(string kind, JsonElement o)
    {
        double Option(string name, double otherwise) => o.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        var groups = Optimizer.GroupByDecay(Parameters, Option("weight-decay", 0), decayAll: true);
        var (beta1, beta2, epsilon, momentum) = (Option("beta1", 0.9), Option("beta2", 0.999), Option("epsilon", 1e-8), Option("momentum", 0));
        return kind switch
        {
            "sgd" => new SgdOptimizer(groups, new Sgd { LearningRate = 1, Momentum = momentum, Nesterov = o.TryGetProperty("nesterov", out _) }),
            "adam" => new AdamOptimizer(groups, new Adam { LearningRate = 1, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon }),
            "adamw" => new AdamOptimizer(groups, new AdamW { LearningRate = 1, Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon }),
            _ => new RmsPropOptimizer(groups, new RmsProp { LearningRate = 1, Alpha = Option("alpha", 0.99), Epsilon = epsilon, Momentum = momentum }),
        };
    }
}

/// <summary>Golden/optimizers.json.</summary>
internal static class Golden
{
    public static JsonElement Optimizers { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "optimizers.json"))).RootElement;

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetSingle())];

    public static void Close(JsonElement expected, Tensor actual, double tolerance, string what)
    {
        foreach (var (e, a) in Floats(expected).Zip(actual.ToArray<float>()))
            Assert.True(Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e)), $"{what}: expected {e}, came {a}");
    }
}
