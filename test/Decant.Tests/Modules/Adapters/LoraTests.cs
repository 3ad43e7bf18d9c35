using Decant.Models;
using Decant.Modules;
using Decant.Modules.Adapters;
using Decant.Tests.Models;
using Decant.Tests.Models.Decoder;
using Decant.Torch;

namespace Decant.Tests.Modules.Adapters;

/// <summary>Models with an adapter: they begin as they were, train it alone, and are merged to the same answers.</summary>
public sealed class LoraTests
{
    private static ModelInput Tokens => new(Tensor.From(Enumerable.Range(0, 18).Select(i => (long)i % 10).ToArray(), 2, 9));

    public static TheoryData<string> Transformers => [.. DecoderCases.Names, "encoder", "encoder-shared", "encoder-low-rank", "distilbert", "distilbert-compact", "roberta", "roberta-low-rank"];

    [Theory, MemberData(nameof(Transformers))]
    public void It_begins_as_its_base_is_trained_alone_and_answers_the_same_when_merged(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Make(name);
        var before = Copy(teacher.StateDict());
        using var student = ModuleCopy.OverSameMemory(teacher);
        var answers = teacher.Forward(Tokens);
        var adapter = Lora.Attach(student, new LoraOptions { Rank = 3, Dropout = 0.2 }, isShared: true);
        student.Eval();
        Same(answers, student.Forward(Tokens));

        Train(student, adapter);
        student.Eval();
        var learned = student.Forward(Tokens);
        Assert.True(Largest(learned - answers) > 1e-5, "nothing was learned");
        Same(answers, adapter.SwitchedOff(() => student.Forward(Tokens)));
        Same(answers, teacher.Forward(Tokens));
        foreach (var (path, weight) in before)
            Same(weight, teacher.StateDict()[path]);

        adapter.Merge();
        Assert.Null(student.Adapter);
        Assert.Equal(teacher.StateDict().Keys, student.StateDict().Keys);
        var merged = student.Forward(Tokens);
        // In float32: of each number's rounding in several layers, the largest is a few times that; answers near 0 have the rounding of what they are the sums of.
        Assert.True((merged - learned).Norm().Item() <= (1e-6 * learned.Norm().Item()) + 1e-8, $"merged answers differ by {(merged - learned).Norm().Item()} of {learned.Norm().Item()}");
        Assert.True(Largest(merged - learned) <= 4e-6 * Math.Max(1, Largest(learned)), $"one differs by {Largest(merged - learned)} of {Largest(learned)}");
        foreach (var (path, weight) in before)
            Same(weight, teacher.StateDict()[path]);
    }

    [Fact]
    public void Its_scale_is_alpha_by_rank_or_by_its_root()
    {
        Assert.Equal(2, new LoraOptions { Rank = 16 }.Scale);
        Assert.Equal(0.5, new LoraOptions { Rank = 16, Alpha = 8 }.Scale);
        Assert.Equal(2, new LoraOptions { Rank = 16, Alpha = 8, RankStabilized = true }.Scale);
    }

    /// <summary>x = (1, 2), W = ((1, 0), (0, 1), (1, 1)), A = (3, 1), B = (1, 0, −2), s = 0.5: A·x = 5, s·B·5 = (2.5, 0, −5).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_it_adds_is_what_is_worked_out_by_hand(bool isTransposed)
    {
        using var scope = TensorScope.Open();
        using var model = isTransposed ? new OneLayer(new TransposedLinear(2, 3, bias: false)) : new OneLayer(new Linear(2, 3, bias: false));
        Set(model.Layer.Weight, isTransposed ? [1, 0, 1, 0, 1, 1] : [1, 0, 0, 1, 1, 1]);
        var adapter = Lora.Attach(model, new LoraOptions { Rank = 1, Alpha = 0.5, Targets = ["layer"] });
        Set(adapter.Layers[0].Update.Down, [3, 1]);
        Set(adapter.Layers[0].Update.Up, [1, 0, -2]);
        var input = new ModelInput(Tensor.From([1f, 2f], 1, 2));
        Assert.Equal([3.5f, 2, -2], model.Forward(input).ToArray<float>());
        adapter.Merge();
        Assert.Equal(isTransposed ? [2.5f, 0, -2, 0.5f, 1, 0] : [2.5f, 0.5f, 0, 1, -2, 0], model.Layer.Weight.ToArray<float>());
        Assert.Equal([3.5f, 2, -2], model.Forward(input).ToArray<float>());
    }

    [Fact]
    public void What_is_dropped_is_dropped_of_the_update_alone()
    {
        using var scope = TensorScope.Open();
        using var model = new OneLayer(new Linear(64, 8, bias: false));
        var adapter = Lora.Attach(model, new LoraOptions { Rank = 2, Dropout = 0.5, Targets = ["*"] });
        var input = new ModelInput(Tensor.Ones([1, 64]));
        model.Train();
        Same(model.Forward(input), adapter.SwitchedOff(() => model.Forward(input))); // B is 0
        Set(adapter.Layers[0].Update.Up, [.. Enumerable.Repeat(1f, 16)]);
        Assert.True(Largest(model.Forward(input) - model.Forward(input)) > 0, "two passes dropped the same");
        model.Eval();
        Same(model.Forward(input), model.Forward(input));
    }

    [Theory]
    [InlineData("q_proj", "model.layers.0.self_attn.q_proj", true)]
    [InlineData("self_attn.q_proj", "model.layers.0.self_attn.q_proj", true)]
    [InlineData("proj", "model.layers.0.self_attn.q_proj", false)]
    [InlineData("model.layers.1*", "model.layers.0.self_attn.q_proj", false)]
    [InlineData("*.0.*_proj", "model.layers.0.self_attn.q_proj", true)]
    [InlineData("*", "anything", true)]
    public void A_target_is_the_end_of_a_path_or_a_pattern_of_all_of_it(string target, string path, bool expected) => Assert.Equal(expected, AdapterTargets.Means(target, path));

    [Fact]
    public void All_linear_layers_are_those_of_the_blocks()
    {
        using var scope = TensorScope.Open();
        using var encoder = Zoo.Create("encoder");
        var paths = AdapterTargets.Layers(encoder, [LoraOptions.AllLinear]).Select(l => l.Key).ToArray();
        Assert.Equal(12, paths.Length);
        Assert.All(paths, path => Assert.StartsWith("bert.encoder.layer.", path, StringComparison.Ordinal));
        Assert.Equal(["intermediate.dense", "key", "output.dense", "query", "value"], AdapterTargets.Names(encoder, paths));
        Assert.Equal(paths, AdapterTargets.Layers(encoder, AdapterTargets.Names(encoder, paths)).Select(l => l.Key));
    }

    [Theory, MemberData(nameof(Transformers))]
    public void The_names_that_are_written_mean_the_layers_and_no_other_module(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Make(name);
        var chosen = AdapterTargets.Layers(model, [LoraOptions.AllLinear]).Select(l => l.Key).ToHashSet();
        var names = AdapterTargets.Names(model, chosen);
        var weights = AdapterTargets.Layers(model, [LoraOptions.AllLinear]).Select(l => l.Value.Weight).ToHashSet<object>(ReferenceEqualityComparer.Instance);
        var meant = model.NamedModules().Where(m => names.Any(n => AdapterTargets.Means(n, m.Key))).ToArray();
        Assert.Superset(chosen, meant.Select(m => m.Key).ToHashSet());
        Assert.All(meant, m => Assert.Contains(((IAdaptable)m.Value).Weight, weights));
    }

    [Theory]
    [InlineData("q_prj", "expected the last parts of the paths of linear layers, patterns of them, or all-linear; 'q_prj' came, which is the end of no such path. The model's linear layers end in query, key, value, dense, classifier, such as bert.encoder.layer.0.attention.self.query.")]
    public void A_target_that_means_nothing_is_refused_with_what_there_is(string target, string expected)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create("encoder");
        var error = Assert.Throws<DecantException>(() => Lora.Attach(model, new LoraOptions { Targets = [target] }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Null(model.Adapter);
        Assert.DoesNotContain(model.StateDict().Keys, key => key.Contains("lora", StringComparison.Ordinal));
    }

    [Fact]
    public void The_head_of_a_vocabulary_is_refused_by_name()
    {
        using var scope = TensorScope.Open();
        using var model = DecoderCases.Names.Select(Make).First(m => m.Children.Any(c => c.Key == "lm_head"));
        Assert.Contains("'lm_head' is the head of the vocabulary", Assert.Throws<DecantException>(() => Lora.Attach(model, new LoraOptions { Targets = ["lm_head"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_head_is_trained_as_a_whole_on_weights_of_its_own()
    {
        using var scope = TensorScope.Open();
        using var teacher = Zoo.Create("encoder");
        var before = Copy(teacher.StateDict());
        using var student = ModuleCopy.OverSameMemory(teacher);
        var adapter = Lora.Attach(student, new LoraOptions { Rank = 2 }, ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"], isShared: true);
        Assert.Equal(["bert.pooler", "classifier"], adapter.Whole);
        Train(student, adapter);
        Assert.True(Largest(student.StateDict()["classifier.weight"] - before["classifier.weight"]) > 0);
        foreach (var (path, weight) in before)
            Same(weight, teacher.StateDict()[path]);
        Assert.Equal(["bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"], adapter.State.Keys.Where(k => !k.Contains("lora", StringComparison.Ordinal)));
    }

    [Fact]
    public void Given_up_it_is_a_plain_model_as_it_was_with_weights_of_its_own()
    {
        using var scope = TensorScope.Open();
        using var teacher = Zoo.Create("encoder");
        var before = Copy(teacher.StateDict());
        using var student = ModuleCopy.OverSameMemory(teacher);
        var adapter = Lora.Attach(student, new LoraOptions(), isShared: true);
        Train(student, adapter);
        adapter.Discard();
        foreach (var (path, weight) in before)
            Same(weight, student.StateDict()[path]);
        using (Autograd.NoGrad())
            student.StateDict()["classifier.weight"].ZeroInPlace();
        Same(before["classifier.weight"], teacher.StateDict()["classifier.weight"]);
    }

    [Fact]
    public void A_student_over_its_teachers_memory_outlives_it_and_leaves_no_tensor_behind()
    {
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
        {
            var teacher = Zoo.Create("encoder");
            teacher.Eval();
            var expected = teacher.Forward(Tokens).ToArray<float>();
            var student = ModuleCopy.OverSameMemory(teacher);
            _ = Lora.Attach(student, new LoraOptions(), isShared: true);
            student.Eval();
            teacher.Dispose();
            Assert.Equal(expected, student.Forward(Tokens).ToArray<float>());
            student.Adapter!.Merge();
            student.Dispose();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static Model Make(string name)
    {
        var model = DecoderCases.Names.Contains(name) ? (Model)ModelFamilies.Read(DecoderCases.Config(name)).Build() : Zoo.Create(name);
        model.Eval();
        return model;
    }

    private static void Train(Model model, ModelAdapter adapter)
    {
        adapter.Freeze();
        Assert.Equal(adapter.State.Values.ToHashSet(), model.NamedParameters().Select(p => p.Value).Where(p => p.RequiresGrad).ToHashSet());
        Assert.Equal(adapter.TrainedCount, adapter.State.Values.Sum(t => t.ElementCount));
        for (var step = 0; step < 3; step++)
        {
            using var scope = TensorScope.Open();
            model.Train();
            model.Forward(Tokens).Square().Sum().Backward();
            using var noGrad = Autograd.NoGrad();
            foreach (var parameter in adapter.State.Values)
            {
                parameter.AddInPlace(parameter.Grad!.Sign(), -0.05);
                parameter.Grad = null;
            }
        }
    }

    private static Dictionary<string, Tensor> Copy(IReadOnlyDictionary<string, Tensor> state) => state.ToDictionary(s => s.Key, s => s.Value.Detach().Clone());

    private static double Largest(Tensor tensor) => tensor.ToArray<float>().Max(Math.Abs);

    private static void Same(Tensor expected, Tensor actual) => Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());

    private static void Set(Tensor tensor, float[] values)
    {
        using var noGrad = Autograd.NoGrad();
        tensor.CopyInPlace(Tensor.From(values, [.. tensor.Shape]));
    }

    private sealed class OneLayer : Model
    {
        public OneLayer(Module layer) => RegisterModule("layer", layer);

        public IAdaptable Layer => (IAdaptable)Children[0].Value;

        public override int Classes => 3;

        public override Tensor Forward(ModelInput input) => Layer.Forward(input.Values);
    }
}
