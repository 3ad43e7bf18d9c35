using Decant.Models;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Decant.Torch;

namespace Decant.Tests.Modules;

/// <summary>Layers that are computed a second time in the backward pass: the same gradients, with less kept in memory.</summary>
public sealed class RecomputationTests
{
    public static TheoryData<string> Transformers => [.. DecoderCases.Names, "encoder", "encoder-shared", "encoder-low-rank", "distilbert", "distilbert-compact", "roberta", "roberta-low-rank"];

    [Theory, MemberData(nameof(Transformers))]
    public void The_gradients_are_the_same_to_the_last_bit_and_the_numbers_drawn_too(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Make(name);
        foreach (var training in new[] { false, true })
        {
            model.Train(training);
            var (kept, next) = Gradients(model, recompute: false);
            var (again, nextAgain) = Gradients(model, recompute: true);
            Assert.Equal(kept.Keys, again.Keys);
            foreach (var (parameter, gradient) in kept)
                Assert.Equal(gradient, again[parameter]);
            Assert.Equal(next, nextAgain);
        }
    }

    [Fact]
    public void So_they_are_with_an_adapter_whose_base_takes_none()
    {
        using var scope = TensorScope.Open();
        using var model = Make("encoder");
        var adapter = Lora.Attach(model, new LoraOptions { Rank = 2, Dropout = 0.3 });
        adapter.Freeze();
        model.Train();
        var kept = Gradients(model, recompute: false).Gradients;
        Assert.Equal(adapter.State.Keys.Order(StringComparer.Ordinal), kept.Keys.Order(StringComparer.Ordinal));
        foreach (var (parameter, gradient) in Gradients(model, recompute: true).Gradients)
            Assert.Equal(kept[parameter], gradient);
    }

    [Fact]
    public void The_layers_are_computed_in_the_backward_pass_and_nothing_is_left_of_it()
    {
        using var scope = TensorScope.Open();
        using var model = Make("encoder");
        Assert.Equal(0, InBackward(model, recompute: false));
        Assert.True(InBackward(model, recompute: true) > 10_000);
        var before = Tensor.LiveCount;
        _ = Gradients(model, recompute: true);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Without_a_graph_layers_run_once()
    {
        using var scope = TensorScope.Open();
        using var model = Make("encoder");
        model.Eval();
        var expected = model.Forward(Tokens).ToArray<float>();
        using var open = Recomputation.Open();
        using var noGrad = Autograd.NoGrad();
        Assert.Equal(expected, model.Forward(Tokens).ToArray<float>());
    }

    private static ModelInput Tokens => new(Tensor.From(Enumerable.Range(0, 18).Select(i => (long)i % 10).ToArray(), 2, 9), Tensor.From(Enumerable.Range(0, 18).Select(i => i < 15).ToArray(), 2, 9));

    // Operations that this program asks for in the backward pass.
    private static long InBackward(Model model, bool recompute)
    {
        using var scope = TensorScope.Open();
        using var open = recompute ? Recomputation.Open() : null;
        var output = model.Forward(Tokens).Sum();
        using var counter = FlopCounter.Open();
        output.Backward();
        foreach (var (_, parameter) in model.NamedParameters())
            parameter.Grad = null;
        return counter.Flops;
    }

    private static (Dictionary<string, float[]> Gradients, float[] Next) Gradients(Model model, bool recompute)
    {
        using var scope = TensorScope.Open();
        using (var generator = Generator.Default(Device.Cpu))
            generator.Seed(7);
        using (var open = recompute ? Recomputation.Open() : null)
            model.Forward(Tokens).Square().Sum().Backward();
        var gradients = model.NamedParameters().Where(p => p.Value.Grad is not null).ToDictionary(p => p.Key, p => p.Value.Grad!.ToArray<float>());
        foreach (var (_, parameter) in model.NamedParameters())
            parameter.Grad = null;
        return (gradients, Tensor.Randn([4]).ToArray<float>());
    }

    private static Model Make(string name) => DecoderCases.Names.Contains(name) ? (Model)ModelFamilies.Read(DecoderCases.Config(name)).Build() : Zoo.Create(name);
}
