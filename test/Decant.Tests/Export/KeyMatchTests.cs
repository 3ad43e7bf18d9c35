using Decant.Export;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>Names in files against names in models.</summary>
public sealed class KeyMatchTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Open();
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "w.safetensors");

    [Theory, InlineData("module."), InlineData("_orig_mod."), InlineData("model."), InlineData("module.net.")]
    public void What_wraps_all_names_is_taken_off(string prefix)
    {
        using var model = new Task(tied: false);
        var loaded = Load(model, State().ToDictionary(s => prefix + s.Key, s => s.Value));
        Check(model);
        Assert.Contains($"without '{prefix}'", Assert.Single(loaded.Remarks));
    }

    [Fact]
    public void Names_that_fit_as_they_are_need_no_rule()
    {
        using var model = new Task(tied: false);
        Assert.Empty(Load(model, State()).Remarks);
        Check(model);
    }

    [Fact]
    public void A_checkpoint_of_the_base_goes_into_a_model_with_a_head_that_may_be_new()
    {
        using var model = new Task(tied: false);
        var state = State().Where(s => s.Key.StartsWith("bert.", StringComparison.Ordinal)).ToDictionary(s => s.Key["bert.".Length..], s => s.Value);
        var error = Refusal(model, state);
        Assert.Contains("missing: classifier.weight [2, 3]", error);
        Assert.Contains("newHead", error);
        Assert.DoesNotContain("bert.embeddings", error);
        var drawn = model.StateDict()["classifier.weight"].ToArray<float>();
        var loaded = Load(model, state, newHead: true);
        Assert.Equal(["classifier.bias", "classifier.weight"], loaded.NewHead);
        Assert.Equal(drawn, model.StateDict()["classifier.weight"].ToArray<float>());
        Assert.Equal(state["dense.weight"].ToArray<float>(), model.StateDict()["bert.dense.weight"].ToArray<float>());
        Assert.Contains(loaded.Remarks, r => r.Contains("'bert.…'", StringComparison.Ordinal));
        Assert.Contains(loaded.Remarks, r => r.Contains("classifier.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_with_a_head_goes_into_the_base_model()
    {
        using var model = new Body();
        var loaded = Load(model, State());
        Assert.Equal(["classifier.bias", "classifier.weight"], loaded.LeftOut);
        Assert.Equal(State()["bert.dense.weight"].ToArray<float>(), model.StateDict()["dense.weight"].ToArray<float>());
    }

    [Fact]
    public void A_head_of_another_task_is_replaced_only_where_that_is_allowed()
    {
        using var model = new Task(tied: false);
        var state = State();
        state["classifier.weight"] = Tensor.Zeros([9, 3]);
        state["classifier.bias"] = Tensor.Zeros([9]);
        var error = Refusal(model, state);
        Assert.Contains("shape: classifier.weight is [2, 3] in the model, [9, 3] in the weights", error);
        Assert.Contains("newHead", error);
        Assert.Equal(["classifier.bias", "classifier.weight"], Load(model, state, newHead: true).NewHead);
        state["bert.dense.weight"] = Tensor.Zeros([4, 3]);
        Assert.DoesNotContain("Allow a new head", Refusal(model, state));
        Assert.Contains("shape: bert.dense.weight", Refusal(model, state, newHead: true));
    }

    [Fact]
    public void The_old_names_of_norms_are_known()
    {
        using var model = new Task(tied: false);
        var state = State().ToDictionary(s => s.Key.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"), s => s.Value);
        Assert.Contains("bert.LayerNorm.gamma", state.Keys);
        Load(model, state);
        Check(model);
    }

    [Fact]
    public void Of_tied_weights_one_is_enough_and_two_must_be_the_same()
    {
        using var model = new Task(tied: true);
        var both = State(tied: true);
        Assert.Equal(8, both.Count);
        Load(model, both);
        foreach (var name in new[] { "bert.embeddings.weight", "lm_head.weight" })
        {
            var one = both.Where(s => s.Key != name).ToDictionary();
            Load(model, one);
            Assert.Equal(both["lm_head.weight"].ToArray<float>(), model.StateDict()["bert.embeddings.weight"].ToArray<float>());
        }

        both["lm_head.weight"] = both["lm_head.weight"] + 1;
        Assert.Contains("differ, and the model has one weight for both", Refusal(model, both));
        both.Remove("lm_head.weight");
        both.Remove("bert.embeddings.weight");
        Assert.Contains("missing: bert.embeddings.weight [5, 3]", Refusal(model, both));
    }

    [Fact]
    public void A_head_that_repeats_the_embedding_is_no_surprise_to_a_model_that_does_not_name_it()
    {
        using var model = new Task(tied: false);
        var state = State();
        state["lm_head.weight"] = state["bert.embeddings.weight"];
        Load(model, state);
        Check(model);
        state["lm_head.weight"] = state["bert.embeddings.weight"] + 1;
        Assert.Contains("lm_head.weight differ", Refusal(model, state));
    }

    [Fact]
    public void What_is_computed_from_the_settings_may_be_there_or_not()
    {
        using var model = new Task(tied: false);
        var state = State();
        state["bert.position_ids"] = Tensor.Arange(0, 5);
        state["bert.layers.0.rotary_emb.inv_freq"] = Tensor.Ones([2]);
        state["bert.h.0.attn.bias"] = Tensor.Ones([1, 1, 4, 4]);
        Assert.Equal(3, Load(model, state).LeftOut.Count);
        Check(model);
    }

    [Fact]
    public void Halves_become_the_models_type_and_quantised_weights_are_refused()
    {
        using var model = new Task(tied: false);
        Load(model, State().ToDictionary(s => s.Key, s => s.Value.To(DType.BFloat16)));
        Assert.All(model.StateDict().Values, t => Assert.Equal(DType.Float32, t.DType));
        var state = State();
        state["bert.dense.weight"] = Tensor.Zeros([3, 3], DType.Int8);
        var error = Refusal(model, state);
        Assert.Contains("dtype: bert.dense.weight is Int8", error);
        Assert.DoesNotContain("missing", error);
    }

    [Fact]
    public void All_faults_come_at_once_and_nothing_is_copied()
    {
        using var model = new Task(tied: false);
        var before = model.StateDict()["classifier.weight"].ToArray<float>();
        var state = State();
        state.Remove("bert.dense.bias");
        state["bert.dense.weight"] = Tensor.Zeros([3, 4]);
        state["bert.more"] = Tensor.Zeros([7]);
        var error = Refusal(model, state);
        Assert.Contains("missing: bert.dense.bias [3]", error);
        Assert.Contains("shape: bert.dense.weight is [3, 3] in the model, [3, 4] in the weights", error);
        Assert.Contains("unexpected: bert.more [7]", error);
        Assert.Equal(before, model.StateDict()["classifier.weight"].ToArray<float>());
        for (var i = 0; i < 40; i++)
            state[$"bert.more{i}"] = Tensor.Zeros([1]);
        error = Refusal(model, state);
        Assert.Contains("… 43 faults in all", error);
        Assert.InRange(error.Split('\n').Length, 20, 24);
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Every_model_loads_its_own_weights_wrapped_as_parallel_training_leaves_them(string name)
    {
        using var model = Zoo.Create(name);
        var state = model.StateDict().ToDictionary(s => "module." + s.Key, s => s.Value.Detach().Clone());
        using var other = Zoo.Create(name);
        Load(other, state);
        Assert.All(other.StateDict(), s => Assert.Equal(state["module." + s.Key].To(DType.Float64).ToArray<double>(), s.Value.To(DType.Float64).ToArray<double>()));
    }

    [Fact]
    public void Trained_weights_in_the_old_format_load_into_a_ResNet()
    {
        using var model = Decant.Models.ResNet.ResNetClassifier.Create(new() { Depth = 20 }, new() { Classes = 10, SampleShape = [3, 32, 32] });
        var loaded = ModelFolder.LoadWeights(TestData.Need("checkpoints/resnet-cifar10/resnet20-12fca82f.th"), model);
        Assert.Contains(loaded.Remarks, r => r.Contains("'state_dict'", StringComparison.Ordinal));
        Assert.Contains(loaded.Remarks, r => r.Contains("'module.'", StringComparison.Ordinal));
        using var file = SafetensorsFile.Open(TestData.Need("checkpoints/resnet-cifar10/resnet20.safetensors"));
        Assert.Equal(file.View("linear.weight").ToArray<float>(), model.StateDict()["linear.weight"].ToArray<float>());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static Dictionary<string, Tensor> State(bool tied = false)
    {
        using var model = new Task(tied);
        var (state, next) = (new Dictionary<string, Tensor>(), 1);
        foreach (var (name, tensor) in model.StateDict())
            state.Add(name, Tensor.Full(tensor.Shape, next++));
        if (tied)
            state.Add("lm_head.weight", state["bert.embeddings.weight"]);
        return state;
    }

    private static void Check(Task model)
    {
        var expected = State();
        Assert.All(model.StateDict(), s => Assert.Equal(expected[s.Key].ToArray<float>(), s.Value.ToArray<float>()));
    }

    private LoadedWeights Load(Module model, IReadOnlyDictionary<string, Tensor> state, bool newHead = false)
    {
        SafetensorsWriter.Write(Target, state);
        return ModelFolder.LoadWeights(Target, model, newHead);
    }

    private string Refusal(Module model, IReadOnlyDictionary<string, Tensor> state, bool newHead = false) =>
        Assert.Throws<DecantException>(() => Load(model, state, newHead)).Message;

    private sealed class Body : Module
    {
        public Body()
        {
            Words = RegisterModule("embeddings", new Embedding(5, 3));
            RegisterModule("dense", new Linear(3, 3));
            RegisterModule("LayerNorm", new LayerNorm(3, 1e-5));
        }

        public Embedding Words { get; }
    }

    private sealed class Task : Module
    {
        public Task(bool tied)
        {
            var body = RegisterModule("bert", new Body());
            RegisterModule("classifier", new Linear(3, 2));
            if (tied)
                RegisterModule("lm_head", new Tied(body.Words.Weight));
        }
    }

    private sealed class Tied : Module
    {
        public Tied(Tensor weight) => RegisterParameter("weight", weight);
    }
}
