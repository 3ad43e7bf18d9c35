using Decant.Modules;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Modules;

/// <summary>Inner values by path: of every family, and only those that somebody asked for.</summary>
public class FeatureTests
{
    public static TheoryData<string> All => Zoo.All;

    public static TheoryData<string, string> AllTasks => TaskZoo.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_layer_and_what_the_head_reads_can_be_recorded(string name)
    {
        using var model = Zoo.Create(name);
        Check(model, Zoo.Input(name));
    }

    [Theory]
    [MemberData(nameof(AllTasks))]
    public void In_every_task_too(string kind, string task)
    {
        using var model = TaskZoo.Create(kind, task);
        Check(model, TaskZoo.Input(kind));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Recording_changes_no_answer_and_no_value_changes_after_it_was_shown(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval();
        var input = Zoo.Input(name);
        var plain = model.Forward(input).ToArray<float>();
        using var tape = new FeaturePaths(model, FeaturePaths.Of(model)).Record();
        var copies = new Dictionary<string, float[]>();
        Assert.Equal(plain, model.Forward(input).ToArray<float>());
        foreach (var (path, value) in tape.Features)
            copies[path] = value.ToArray<float>();
        _ = model.Forward(input);
        Assert.All(tape.Features, f => Assert.Equal(copies[f.Key], f.Value.ToArray<float>()));
    }

    [Fact]
    public void A_classifier_s_logits_are_its_head_on_its_representation()
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create("encoder");
        model.Eval();
        using var tape = new FeaturePaths(model, [Model.Representation, "classifier"]).Record();
        var logits = model.Forward(Zoo.Input("encoder")).ToArray<float>();
        var head = (Linear)model.NamedModules().Single(m => m.Key == "classifier").Value;
        Assert.Equal(logits, Functional.Linear(tape.Features[Model.Representation], head.Weight, head.Bias).ToArray<float>());
        Assert.Equal(logits, tape.Features["classifier"].ToArray<float>());
        Assert.Equal(2, tape.Features.Count);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    public void The_parts_of_attention_are_what_the_formula_says(long heads, long keyHeads)
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        using var attention = new MultiHeadAttention(new AttentionOptions { Width = 16, Heads = heads, KeyValueHeads = keyHeads }, generator);
        attention.Eval();
        using var tape = new FeaturePaths(attention, AttentionParts.All).Record();
        _ = attention.Forward(Tensor.Randn([2, 5, 16], generator), AttentionBias.Causal(5, 5));
        var (queries, keys) = (tape.Features["queries"], tape.Features["keys"]);
        Assert.Equal([2L, heads, 5L, 4L], queries.Shape);
        Assert.Equal([2L, keyHeads, 5L, 4L], keys.Shape);
        Assert.Equal([2L, keyHeads, 5L, 4L], tape.Features["values"].Shape);
        for (var head = 0; head < heads; head++)
        {
            var key = keys.Select(1, head * keyHeads / heads);
            var scores = queries.Select(1, head).MatMul(key.Transpose(1, 2)).Mul(0.5).LowerTriangle(0);
            var shown = tape.Features["scores"].Select(1, head);
            Near(scores, shown.LowerTriangle(0));
            Near(shown.Softmax(-1), tape.Features["probabilities"].Select(1, head));
        }
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_refused_with_what_comes_near()
    {
        using var model = Zoo.Create("encoder");
        var error = Assert.Throws<DecantException>(() => new FeaturePaths(model, ["bert.encoder.layers.1", "clasifier", "classifier"]));
        Assert.Contains("'bert.encoder.layers.1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'bert.encoder.layer.1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'clasifier'; near it are 'classifier'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_kept_but_what_was_asked_for_and_that_as_long_as_the_scope_around_the_recording()
    {
        using var model = Zoo.Create("resnet");
        model.Eval();
        using var outer = TensorScope.Open();
        Tensor? kept;
        using (TensorScope.Open())
        {
            using var tape = new FeaturePaths(model, ["layer2.0"]).Record();
            using (TensorScope.Open())
                _ = model.Forward(Zoo.Input("resnet"));
            kept = tape.Features["layer2.0"];
            Assert.Single(tape.Features);
            Assert.False(kept.IsDisposed);
        }

        Assert.True(kept.IsDisposed);
        using var after = TensorScope.Open();
        _ = model.Forward(Zoo.Input("resnet"));
    }

    [Fact]
    public async Task Two_flows_record_the_same_model_without_seeing_each_other()
    {
        using var model = Zoo.Create("mlp");
        model.Eval();
        var paths = new FeaturePaths(model, [Model.Representation]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            using var tape = paths.Record();
            _ = model.Forward(Zoo.Input("mlp", seed: (ulong)i));
            return tape.Features[Model.Representation].ToArray<float>();
        })));
        using var scope = TensorScope.Open();
        for (var i = 0; i < answers.Length; i++)
        {
            using var tape = paths.Record();
            _ = model.Forward(Zoo.Input("mlp", seed: (ulong)i));
            Assert.Equal(tape.Features[Model.Representation].ToArray<float>(), answers[i]);
        }
    }

    private static void Check(Model model, ModelInput input)
    {
        using var scope = TensorScope.Open();
        model.Eval();
        using var tape = new FeaturePaths(model, FeaturePaths.Of(model)).Record();
        _ = model.Forward(input);
        var layers = model.Layers;
        Assert.All(layers.Outputs.Concat(layers.Attentions).Append(layers.Embeddings).OfType<string>().Append(Model.Representation), path => Assert.Contains(path, tape.Features.Keys));
        Assert.All(layers.Attentions.SelectMany(a => AttentionParts.All.Select(part => $"{a}.{part}")), path => Assert.Contains(path, tape.Features.Keys));
        // Whatever computes shows what it made; those without an answer hold weights for others, or others.
        var silent = model.NamedModules().Where(m => m.Key.Length > 0 && !tape.Features.ContainsKey(m.Key)).Select(m => m.Value.GetType()).ToHashSet();
        Assert.DoesNotContain(silent, type => type.GetMethod("Forward") is { } forward && forward.ReturnType == typeof(Tensor) && !IsHeldForOthers(type));
    }

    // Tables of positions are looked into, not called; activations that several layers share belong to them.
    private static bool IsHeldForOthers(Type type) => type == typeof(Embedding) || type == typeof(Dropout);

    private static void Near(Tensor expected, Tensor actual)
    {
        var (a, b) = (expected.Reshape(-1).ToArray<float>(), actual.Reshape(-1).ToArray<float>());
        for (var i = 0; i < a.Length; i++)
            Assert.Equal(a[i], b[i], 1e-5);
    }
}
