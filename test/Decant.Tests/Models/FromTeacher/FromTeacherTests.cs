using System.Text.RegularExpressions;
using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.FromTeacher;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.LstmLanguage;
using Decant.Models.LstmText;
using Decant.Models.Mlp;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.FromTeacher;

/// <summary>Students that begin as a part of their teacher, against parts that are cut out by hand.</summary>
public sealed class FromTeacherTests : IDisposable
{
    private const int Vocabulary = 30;

    private static readonly Dictionary<string, (string Kind, ModelTask Task, ModelOptions Options)> s_teachers = new()
    {
        ["llama"] = ("llama", ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 3, Hidden = 16, Heads = 4, KeyValueHeads = 2, Intermediate = 24, Tied = false }),
        ["llama-tied"] = ("llama", ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 3, Hidden = 16, Heads = 4, Tied = true }),
        ["qwen3"] = ("qwen3", ModelTask.CausalLanguageModel, new Qwen3Options { Layers = 3, Hidden = 16, Heads = 4 }),
        ["gpt2"] = ("gpt2", ModelTask.CausalLanguageModel, new Gpt2Options { Layers = 3, Hidden = 16, Heads = 4 }),
        ["bert"] = ("encoder", ModelTask.Classification, new BertOptions { Layers = 3, Hidden = 16, Heads = 4, Intermediate = 24 }),
        ["bert-masked"] = ("encoder", ModelTask.MaskedLanguageModel, new BertOptions { Layers = 3, Hidden = 16, Heads = 4 }),
        ["distilbert"] = ("distilbert", ModelTask.Classification, new DistilBertOptions { Layers = 3, Hidden = 16, Heads = 4 }),
        ["roberta"] = ("roberta", ModelTask.TokenClassification, new RobertaOptions { Layers = 3, Hidden = 16, Heads = 4 }),
        ["lstm-lm"] = ("lstm-lm", ModelTask.CausalLanguageModel, new LstmLanguageOptions { Hidden = 16, Layers = 3 }),
        ["lstm-lm-untied"] = ("lstm-lm", ModelTask.CausalLanguageModel, new LstmLanguageOptions { Hidden = 16, Layers = 3, Tied = false }),
        ["lstm"] = ("lstm", ModelTask.Classification, new LstmOptions { Embedding = 6, Hidden = 8, Layers = 3 }),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Teachers => [.. s_teachers.Keys];

    /// <summary>Those whose lowest layer reads what the others read.</summary>
    public static TheoryData<string> Stacks => [.. s_teachers.Keys.Where(name => name != "lstm")];

    public static TheoryData<string> LanguageModels => [.. s_teachers.Keys.Where(name => s_teachers[name].Task.IsLanguageModel())];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Teachers))]
    public void All_of_a_teacher_answers_as_it_does(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher(name);
        using var whole = StudentFromTeacher.Make(teacher, new());
        using var layers = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0, 1, 2] });
        var expected = Logits(teacher);
        Assert.True(expected.Distinct().Count() > 2, "the teacher says the same always");
        Assert.Equal(expected, Logits(whole));
        Assert.Equal(expected, Logits(layers));
        Assert.Equal(Json(teacher), Json(whole));
        Assert.NotSame(teacher.StateDict().Values.First(), whole.StateDict().Values.First());
    }

    [Theory, MemberData(nameof(Stacks))]
    public void Chosen_layers_are_the_teacher_without_the_others(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher(name);
        foreach (int[] layers in new int[][] { [0, 2], [1], [2, 0], [1, 1] })
        {
            using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = layers });
            using var expected = WithLayers(name, teacher, layers);
            Assert.Equal(Logits(expected), Logits(student));
            Assert.Equal(layers.Length, StudentFromTeacher.LayersOf(student));
        }
    }

    [Fact]
    public void An_LSTM_whose_lowest_layer_reads_other_widths_keeps_it_at_the_bottom()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("lstm");
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0, 2] });
        using var expected = WithLayers("lstm", teacher, [0, 2]);
        Assert.Equal(Logits(expected), Logits(student));
        foreach (int[] layers in new int[][] { [1], [2, 1], [1, 0] })
        {
            var said = Assert.Throws<DecantException>(() => StudentFromTeacher.Make(teacher, new() { LayerIndices = layers })).Message;
            Assert.Contains("the layers cannot change places: 'lstm.weight_ih_l", said);
            Assert.Contains("Let layer 0 be the first of the student", said);
        }
    }

    [Fact]
    public void A_narrower_llama_has_the_leading_part_of_every_weight()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("llama");
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [2], Hidden = 8, Heads = 2, Intermediate = 12 });
        Slices(teacher, student, new()
        {
            ["model.embed_tokens.weight"] = ("model.embed_tokens.weight", All(30), All(8)),
            ["model.layers.0.self_attn.q_proj.weight"] = ("model.layers.2.self_attn.q_proj.weight", All(8), All(8)),
            ["model.layers.0.self_attn.k_proj.weight"] = ("model.layers.2.self_attn.k_proj.weight", All(4), All(8)), // two heads share one
            ["model.layers.0.self_attn.o_proj.weight"] = ("model.layers.2.self_attn.o_proj.weight", All(8), All(8)),
            ["model.layers.0.mlp.gate_proj.weight"] = ("model.layers.2.mlp.gate_proj.weight", All(12), All(8)),
            ["model.layers.0.mlp.down_proj.weight"] = ("model.layers.2.mlp.down_proj.weight", All(8), All(12)),
            ["model.layers.0.input_layernorm.weight"] = ("model.layers.2.input_layernorm.weight", All(8), null),
            ["model.norm.weight"] = ("model.norm.weight", All(8), null),
            ["lm_head.weight"] = ("lm_head.weight", All(30), All(8)),
        });
        Assert.Equal(0, Logits(student).Count(l => !float.IsFinite(l)));
    }

    [Fact]
    public void A_narrower_GPT2_has_the_leading_part_of_queries_of_keys_and_of_values()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("gpt2");
        using var student = StudentFromTeacher.Make(teacher, new() { Hidden = 8, Heads = 2 });
        int[] joint = [.. All(8), .. Enumerable.Range(16, 8), .. Enumerable.Range(32, 8)];
        Slices(teacher, student, new()
        {
            ["transformer.wte.weight"] = ("transformer.wte.weight", All(30), All(8)),
            ["transformer.wpe.weight"] = ("transformer.wpe.weight", All(20), All(8)),
            ["transformer.h.1.attn.c_attn.weight"] = ("transformer.h.1.attn.c_attn.weight", All(8), joint),
            ["transformer.h.1.attn.c_attn.bias"] = ("transformer.h.1.attn.c_attn.bias", joint, null),
            ["transformer.h.1.attn.c_proj.weight"] = ("transformer.h.1.attn.c_proj.weight", All(8), All(8)),
            ["transformer.h.1.mlp.c_fc.weight"] = ("transformer.h.1.mlp.c_fc.weight", All(8), All(64)), // stays: nothing was said of it
            ["transformer.h.1.ln_1.bias"] = ("transformer.h.1.ln_1.bias", All(8), null),
        });
        using var narrow = StudentFromTeacher.Make(teacher, new() { Intermediate = 10 });
        Slices(teacher, narrow, new() { ["transformer.h.0.mlp.c_proj.weight"] = ("transformer.h.0.mlp.c_proj.weight", All(10), All(16)) });
    }

    [Fact]
    public void A_narrower_encoder_has_the_leading_part_of_every_weight()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("bert");
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [1], Hidden = 12, Heads = 3, Intermediate = 5 });
        Slices(teacher, student, new()
        {
            ["bert.embeddings.position_embeddings.weight"] = ("bert.embeddings.position_embeddings.weight", All(20), All(12)),
            ["bert.encoder.layer.0.attention.self.key.weight"] = ("bert.encoder.layer.1.attention.self.key.weight", All(12), All(12)),
            ["bert.encoder.layer.0.attention.self.key.bias"] = ("bert.encoder.layer.1.attention.self.key.bias", All(12), null),
            ["bert.encoder.layer.0.intermediate.dense.weight"] = ("bert.encoder.layer.1.intermediate.dense.weight", All(5), All(12)),
            ["bert.encoder.layer.0.output.dense.weight"] = ("bert.encoder.layer.1.output.dense.weight", All(12), All(5)),
            ["bert.pooler.dense.weight"] = ("bert.pooler.dense.weight", All(12), All(12)),
            ["classifier.weight"] = ("classifier.weight", All(3), All(12)),
            ["classifier.bias"] = ("classifier.bias", All(3), null),
        });
    }

    [Fact]
    public void A_narrower_LSTM_has_the_leading_part_of_every_gate_and_of_both_directions()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("lstm");
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0, 1], Hidden = 3 });
        int[] gates = [.. Enumerable.Range(0, 4).SelectMany(gate => Enumerable.Range(8 * gate, 3))];
        int[] both = [0, 1, 2, 8, 9, 10];
        Slices(teacher, student, new()
        {
            ["embedding.weight"] = ("embedding.weight", All(30), All(6)),
            ["lstm.weight_ih_l0_reverse"] = ("lstm.weight_ih_l0_reverse", gates, All(6)),
            ["lstm.weight_hh_l0"] = ("lstm.weight_hh_l0", gates, All(3)),
            ["lstm.bias_hh_l1"] = ("lstm.bias_hh_l1", gates, null),
            ["lstm.weight_ih_l1"] = ("lstm.weight_ih_l1", gates, both),
            ["classifier.weight"] = ("classifier.weight", All(3), both),
        });

        using var language = Teacher("lstm-lm");
        using var narrow = StudentFromTeacher.Make(language, new() { Hidden = 8 });
        int[] wide = [.. Enumerable.Range(0, 4).SelectMany(gate => Enumerable.Range(16 * gate, 8))];
        Slices(language, narrow, new()
        {
            ["embedding.weight"] = ("embedding.weight", All(30), All(8)),
            ["lstm.weight_ih_l2"] = ("lstm.weight_ih_l2", wide, All(8)),
            ["head.bias"] = ("head.bias", All(30), null),
        });
        Assert.DoesNotContain(narrow.StateDict().Keys, key => key.StartsWith("projection", StringComparison.Ordinal));
        using var untied = Teacher("lstm-lm-untied");
        using var narrowUntied = StudentFromTeacher.Make(untied, new() { Hidden = 8 });
        Slices(untied, narrowUntied, new() { ["embedding.weight"] = ("embedding.weight", All(30), All(16)), ["head.weight"] = ("head.weight", All(30), All(8)) });
    }

    [Theory, MemberData(nameof(LanguageModels))]
    public void A_part_of_the_vocabulary_says_of_its_tokens_what_the_teacher_says(string name)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var teacher = Teacher(name);
        int[] tokens = [0, 5, 29, 3, 17, 11, 8];
        using var student = StudentFromTeacher.Make(teacher, new(), tokens);
        long[] text = [1, 2, 6, 4, 4, 3, 5, 1];
        student.Eval();
        var answered = student.Forward(new ModelInput(Tensor.From(text, 2, 4))).ToArray<float>();
        var whole = teacher.Forward(new ModelInput(Tensor.From([.. text.Select(t => (long)tokens[t])], 2, 4))).ToArray<float>().Chunk(Vocabulary);
        var expected = whole.SelectMany(row => tokens.Select(t => row[t])).ToArray();
        Assert.Equal(8 * tokens.Length, answered.Length);
        Assert.All(expected.Zip(answered), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Tokens_are_picked_where_rows_are_tokens_and_nowhere_else()
    {
        using var scope = TensorScope.Open();
        int[] tokens = [0, 7, 2, 9];
        // As many hidden units as tokens, before and after.
        using var llama = Randomised("llama", ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 1, Hidden = 16, Heads = 4, Intermediate = Vocabulary, Tied = false });
        using var student = StudentFromTeacher.Make(llama, new() { Intermediate = tokens.Length }, tokens);
        Slices(llama, student, new()
        {
            ["model.embed_tokens.weight"] = ("model.embed_tokens.weight", tokens, All(16)),
            ["lm_head.weight"] = ("lm_head.weight", tokens, All(16)),
            ["model.layers.0.mlp.up_proj.weight"] = ("model.layers.0.mlp.up_proj.weight", All(4), All(16)),
        });
        using var classifier = Teacher("lstm");
        using var small = StudentFromTeacher.Make(classifier, new(), tokens);
        Slices(classifier, small, new() { ["embedding.weight"] = ("embedding.weight", tokens, All(6)), ["classifier.weight"] = ("classifier.weight", All(3), All(16)) });
    }

    [Fact]
    public void Tokens_that_settings_name_get_their_new_numbers()
    {
        var config = new LlamaConfig { Task = ModelTask.CausalLanguageModel, VocabSize = 12, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, BosTokenId = 4, EosTokenIds = [5, 6], PadTokenId = 7 };
        using var teacher = config.Build();
        using var student = StudentFromTeacher.Make(teacher, new(), [6, 1, 4]);
        var cut = (LlamaConfig)((IConfigured)student).Config;
        Assert.Equal((3, 2, null), (cut.VocabSize, cut.BosTokenId, cut.PadTokenId));
        Assert.Equal([0], cut.EosTokenIds);
    }

    [Fact]
    public void A_layer_that_looks_back_a_limited_way_does_so_in_its_new_place()
    {
        var config = new Qwen2Config { Task = ModelTask.CausalLanguageModel, VocabSize = 12, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 3, NumAttentionHeads = 2, NumKeyValueHeads = 1, UseSlidingWindow = true, SlidingWindow = 2, MaxWindowLayers = 1 };
        using var teacher = config.Build();
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [2, 0] });
        Assert.Equal(["sliding_attention", "full_attention"], ((Qwen2Config)((IConfigured)student).Config).LayerTypes);
    }

    [Theory, MemberData(nameof(Teachers))]
    public void A_part_is_saved_and_loaded_as_any_model(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher(name);
        var isLstm = name.StartsWith("lstm", StringComparison.Ordinal);
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0, 1], Hidden = isLstm ? 4 : 8, Heads = isLstm ? null : 2, Intermediate = isLstm ? null : 6 });
        ModelFolder.Save(_folder.Path, student);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(Logits(student), Logits(loaded));
        Assert.True(student.ParameterCount < teacher.ParameterCount);
        var json = ((IConfigured)loaded).Config.ToJson();
        int[] sizes = isLstm ? [2, 4] : [2, 8, 2, 6];
        Assert.Equal(sizes, new[]
        {
            json["num_hidden_layers"] ?? json["n_layer"] ?? json["n_layers"], json["hidden_size"] ?? json["n_embd"] ?? json["dim"],
            json["num_attention_heads"] ?? json["n_head"] ?? json["n_heads"], json["intermediate_size"] ?? json["n_inner"] ?? json["hidden_dim"],
        }.OfType<System.Text.Json.Nodes.JsonNode>().Select(n => n.GetValue<int>()));
    }

    [Fact]
    public void A_part_is_trained_and_its_teacher_stays_as_it_was()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("gpt2");
        teacher.RequireGrad(false);
        var before = Logits(teacher);
        using var student = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0] });
        Assert.True(student.IsTraining);
        student.Forward(Input()).Square().Sum().Backward();
        Assert.All(student.NamedParameters(), p => Assert.True(p.Value.Grad is not null, p.Key));
        using (Autograd.NoGrad())
            foreach (var (_, weight) in student.NamedParameters())
                weight.CopyInPlace(weight.Mul(2));
        Assert.Equal(before, Logits(teacher));
    }

    [Fact]
    public void Making_a_part_leaves_no_tensor_and_draws_nothing()
    {
        using var teacher = Teacher("gpt2");
        var before = Tensor.LiveCount;
        StudentFromTeacher.Make(teacher, new() { LayerIndices = [1], Hidden = 8, Heads = 2 }, [0, 1, 2]).Dispose();
        Assert.Throws<DecantException>(() => StudentFromTeacher.Make(teacher, new() { Hidden = 99 }));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData(LayerChoice.First, 3, new[] { 0, 1, 2 })]
    [InlineData(LayerChoice.Last, 3, new[] { 9, 10, 11 })]
    [InlineData(LayerChoice.FirstAndLast, 3, new[] { 0, 1, 11 })]
    [InlineData(LayerChoice.FirstAndLast, 4, new[] { 0, 1, 10, 11 })]
    [InlineData(LayerChoice.FirstAndLast, 1, new[] { 0 })]
    [InlineData(LayerChoice.Uniform, 1, new[] { 0 })]
    [InlineData(LayerChoice.Uniform, 2, new[] { 0, 11 })]
    [InlineData(LayerChoice.Uniform, 3, new[] { 0, 6, 11 })]
    [InlineData(LayerChoice.Uniform, 6, new[] { 0, 2, 4, 7, 9, 11 })]
    [InlineData(LayerChoice.Uniform, 12, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 })]
    public void Layers_are_chosen_by_a_word(LayerChoice choose, int count, int[] expected) => Assert.Equal(expected, StudentFromTeacher.Choose(choose, count, 12));

    [Fact]
    public void However_many_are_chosen_they_rise_and_are_of_the_teacher()
    {
        foreach (var choose in Enum.GetValues<LayerChoice>().Except([LayerChoice.Importance, LayerChoice.LossIncrease]))
            for (var all = 1; all <= 40; all++)
                for (var count = 1; count <= all; count++)
                {
                    var layers = StudentFromTeacher.Choose(choose, count, all);
                    Assert.Equal(count, layers.Count);
                    Assert.True(layers[0] >= 0 && layers[^1] < all && layers.Zip(layers.Skip(1)).All(p => p.First < p.Second), $"{choose} {count} of {all}: {string.Join(", ", layers)}");
                }

        Assert.Contains("4 layers were requested, and the teacher has 3", Assert.Throws<DecantException>(() => StudentFromTeacher.Choose(LayerChoice.First, 4, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentFromTeacher.Choose((LayerChoice)9, 1, 3));
    }

    public static TheoryData<string, PartOfTeacher, int[]?, string> Faults() => new()
    {
        { "gpt2", new() { LayerIndices = [0, 3] }, null, "layer 3 was requested, and the teacher has the layers 0 to 2" },
        { "gpt2", new() { LayerIndices = [-2] }, null, "layer -2 was requested, and the teacher has the layers 0 to 2" },
        { "gpt2", new() { LayerIndices = [] }, null, "layers" },
        { "gpt2", new() { Hidden = 32, Heads = 8 }, null, "hidden is 32, and the teacher has 16: a part cannot be larger" },
        { "gpt2", new() { Heads = 8 }, null, "heads is 8, and the teacher has 4: a part cannot be larger" },
        { "gpt2", new() { Hidden = 8 }, null, "the teacher's heads are 4 wide, and 4 of them do not make a width of 8. Say hidden: 16, or other heads." },
        { "gpt2", new() { Heads = 2 }, null, "the teacher's heads are 4 wide, and 2 of them do not make a width of 16. Say hidden: 8, or other heads." },
        { "gpt2", new() { Intermediate = 65 }, null, "intermediate is 65, and the teacher has 64: a part cannot be larger" },
        { "gpt2", new() { KeyValueHeads = 1 }, null, "a model of type 'gpt2' has no 'key-value-heads' to take a part of. Give student.model instead." },
        { "llama", new() { KeyValueHeads = 3 }, null, "key-value-heads is 3, and the teacher has 2: a part cannot be larger" },
        { "llama", new() { Heads = 3 }, null, "2 of the teacher's heads share one of keys and values, and 3 heads are no multiple of that. Say key-value-heads, or other heads." },
        { "lstm", new() { Heads = 2 }, null, "a model of type 'lstm' has no 'heads' to take a part of. Give student.model instead." },
        { "lstm", new() { Hidden = 9 }, null, "hidden is 9, and the teacher has 8: a part cannot be larger" },
        { "gpt2", new(), [.. Enumerable.Range(0, 31)], "vocabulary is 31, and the teacher has 30: a part cannot be larger" },
        { "gpt2", new(), [0, 30], "token 30 was requested, and the teacher has the tokens 0 to 29" },
        { "gpt2", new(), [0, 2, 2], "a token stands twice among those to keep" },
        { "bert", new(), [1, 2], "the tokens to keep lack 0, which fills up short texts (pad_token_id); keep it" },
        { "roberta", new(), [1, 0], "positions are counted from its padding token 0 on, which would become token 1; let it keep its number" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void What_is_no_part_of_the_teacher_is_told(string name, PartOfTeacher part, int[]? tokens, string said)
    {
        using var teacher = Teacher(name);
        Assert.Contains(said, Assert.Throws<DecantException>(() => StudentFromTeacher.Make(teacher, part, tokens)).Message);
    }

    [Fact]
    public void Models_without_layers_or_settings_are_told()
    {
        using var mlp = ModelFamilies.All.Single(f => f.Kind == "mlp").Create(new MlpOptions { Hidden = [4] }, new ModelContext { Classes = 2, SampleShape = [4] });
        Assert.Contains("a model of kind 'mlp' has no layers to choose from. Give student.model instead.", Assert.Throws<DecantException>(() => StudentFromTeacher.LayersOf(mlp)).Message);
        Assert.Contains("a model of type 'mlp' has no 'layers' to take a part of", Assert.Throws<DecantException>(() => StudentFromTeacher.Make(mlp, new() { LayerIndices = [0] })).Message);
        Assert.Contains("a model of type 'mlp' has no 'hidden' to take a part of", Assert.Throws<DecantException>(() => StudentFromTeacher.Make(mlp, new() { Hidden = 2 })).Message);
        using var own = new Own();
        Assert.Contains("a Own is of no family whose settings are known", Assert.Throws<DecantException>(() => StudentFromTeacher.Make(own, new())).Message);
    }

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];

    private static string Json(Model model) => ((IConfigured)model).Config.ToJson().ToJsonString();

    private static Model Teacher(string name) => Randomised(s_teachers[name].Kind, s_teachers[name].Task, s_teachers[name].Options);

    /// <summary>No weight is 0 or 1, as biases and norms of a new model are: each differs from every other.</summary>
    private static Model Randomised(string kind, ModelTask task, ModelOptions options)
    {
        using var generator = new Generator(11);
        var context = new ModelContext { Task = task, Classes = task.HasClasses() ? 3 : 0, VocabularySize = Vocabulary, MaxTokens = 20 };
        var model = ModelFamilies.All.Single(f => f.Kind == kind).Create(options, context, generator);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, weight) in model.NamedParameters())
            weight.CopyInPlace(Tensor.Randn(weight.Shape, generator).Mul(0.5));
        model.Eval();
        return model;
    }

    private static ModelInput Input() => new(
        Tensor.From([3, 17, 9, 4, 29, 1, 2, 8, 11, 5], 2, 5), Tensor.From([true, true, true, true, true, true, true, true, true, false], 2, 5));

    private static float[] Logits(Model model)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var training = model.IsTraining;
        model.Eval();
        var logits = model.Forward(Input()).ToArray<float>();
        model.Train(training);
        return logits;
    }

    /// <summary>The teacher's weights under other numbers of layers, in a network that has so many.</summary>
    private static Model WithLayers(string name, Model teacher, int[] layers)
    {
        var json = ((IConfigured)teacher).Config.ToJson();
        foreach (var key in new[] { "num_hidden_layers", "n_layer", "n_layers" })
            if (json.ContainsKey(key)) json[key] = layers.Length;
        var model = ModelFamilies.Read(json).Build();
        var isLstm = name.StartsWith("lstm", StringComparison.Ordinal);
        var number = isLstm ? new Regex(@"(?<=lstm\.\w+_l)\d+") : new Regex(@"(?<=(layer|layers|h)\.)\d+");
        model.LoadStateDict(model.StateDict().Keys.ToDictionary(
            key => key, key => teacher.StateDict()[number.Replace(key, m => layers[int.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture)].ToString(System.Globalization.CultureInfo.InvariantCulture))]));
        return model;
    }

    /// <summary>Each weight of the student has these rows and columns of one of the teacher's.</summary>
    private static void Slices(Model teacher, Model student, Dictionary<string, (string Teacher, int[] Rows, int[]? Columns)> weights)
    {
        foreach (var (name, (from, rows, columns)) in weights)
        {
            var (whole, part) = (teacher.StateDict()[from], student.StateDict()[name]);
            Assert.Equal(columns is null ? [rows.Length] : [rows.Length, columns.Length], part.Shape);
            var values = whole.ToArray<float>();
            var width = columns is null ? 1 : (int)whole.Size(1);
            var expected = rows.SelectMany(r => (columns ?? [0]).Select(c => values[(r * width) + c])).ToArray();
            Assert.True(expected.SequenceEqual(part.ToArray<float>()), name);
        }
    }

    private sealed class Own : Model
    {
        public override string Kind => "own";

        public override int Classes => 2;

        public override Tensor Forward(ModelInput input) => throw new NotSupportedException();

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
    }
}
