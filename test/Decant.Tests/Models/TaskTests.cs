using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.LstmText;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Tests.Modules;
using Decant.Torch;

namespace Decant.Tests.Models;

/// <summary>What holds for every kind of model in every task that it has a head for.</summary>
public sealed class TaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void Answers_have_the_tasks_shape(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        var rows = TaskZoo.IsOfTokens(task) ? 4 * 9 : 4;
        Assert.Equal([rows, TaskZoo.Outputs(task)], model.Forward(TaskZoo.Input(kind)).Shape);
        Assert.Equal(TaskZoo.Outputs(task), model.Classes);
        Assert.Equal(TaskZoo.KindOf(kind), model.Kind);
        Assert.True(model.FlopsPerSample(TaskZoo.IsText(kind) ? [9] : [3, 12, 12]) > 0);
        Assert.Equal(TaskZoo.Task(task).IsLanguageModel(), model is ChunkedHeadModel);
    }

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void A_saved_folder_loads_again_to_identical_answers(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        model.Eval();
        ModelFolder.Save(_folder.Path, model);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(model.GetType(), loaded.GetType());
        Assert.Equal(TaskZoo.Task(task), ((IConfigured)loaded).Config.Task);
        Assert.Equal(((IConfigured)model).Config.ToJson().ToJsonString(), ((IConfigured)loaded).Config.ToJson().ToJsonString());
        Assert.Equal(model.Forward(TaskZoo.Input(kind)).ToArray<float>(), loaded.Forward(TaskZoo.Input(kind)).ToArray<float>());
    }

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void Every_parameter_gets_a_gradient(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        model.Forward(TaskZoo.Input(kind)).Square().Sum().Backward();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad is { } g && g.Abs().Sum().Item() > 0, p.Key));
    }

    [Theory, MemberData(nameof(TaskZoo.All), MemberType = typeof(TaskZoo))]
    public void A_forward_pass_hands_out_its_answers_and_a_step_leaves_no_tensor(string kind, string task)
    {
        var before = Tensor.LiveCount;
        using (var model = TaskZoo.Create(kind, task))
        using (var scope = TensorScope.Open())
        {
            var input = TaskZoo.Input(kind);
            var count = scope.Count;
            var answers = model.Forward(input);
            Assert.Equal(count + 1, scope.Count);
            answers.Sum().Backward();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory, MemberData(nameof(TaskZoo.OfTokens), MemberType = typeof(TaskZoo))]
    public void Positions_are_answered_in_the_order_they_are_asked(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        model.Eval();
        var positions = Tensor.From([10L, 0, 8, 27, 10]);
        var input = TaskZoo.Input(kind);
        GoldenCase.Close(model.Forward(input).IndexSelect(0, positions), model.Forward(input with { Positions = positions }), kind, 1e-6);
    }

    [Theory, MemberData(nameof(TaskZoo.OfText), MemberType = typeof(TaskZoo))]
    public void Padding_changes_nothing(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        model.Eval();
        // Texts of 9, 2, 5 and 1 tokens in rows of 9 and of 17.
        var (narrow, wide) = (TaskZoo.Input(kind), TaskZoo.Input(kind, width: 17));
        wide = wide with { Values = wide.Values.MaskedFill(wide.AttentionMask!.Not(), 13) };
        if (TaskZoo.IsOfTokens(task))
            (narrow, wide) = (narrow with { Positions = Tensor.From([0L, 8, 9, 10, 22, 27]) }, wide with { Positions = Tensor.From([0L, 8, 17, 18, 38, 51]) });
        GoldenCase.Close(model.Forward(narrow), model.Forward(wide), $"{kind} {task}", 1e-5);
    }

    [Theory]
    [InlineData("encoder", "regression", "BertForSequenceClassification")]
    [InlineData("encoder", "tokens", "BertForTokenClassification")]
    [InlineData("encoder", "masked", "BertForMaskedLM")]
    [InlineData("encoder", "embedding", "BertModel")]
    [InlineData("distilbert", "tokens", "DistilBertForTokenClassification")]
    [InlineData("distilbert", "embedding", "DistilBertModel")]
    [InlineData("roberta", "masked", "RobertaForMaskedLM")]
    [InlineData("lstm", "tokens", "LstmForTokenClassification")]
    [InlineData("lstm", "regression", "LstmForRegression")]
    [InlineData("lstm-lm", "causal", "LstmForCausalLM")]
    public void Architectures_name_the_task(string kind, string task, string architecture)
    {
        using var model = TaskZoo.Create(kind, task);
        var json = ((IConfigured)model).Config.ToJson();
        Assert.Equal(architecture, (string)json["architectures"]![0]!);
        Assert.Equal(task == "regression" ? "regression" : null, (string?)json["problem_type"]);
        Assert.Equal(task is "regression" or "tokens", json.ContainsKey("id2label"));
    }

    [Theory]
    [InlineData("encoder", "bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight", "cls.predictions.bias")]
    [InlineData("distilbert", "distilbert.embeddings.word_embeddings.weight", "vocab_projector.weight", "vocab_projector.bias")]
    [InlineData("roberta", "roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight", "lm_head.bias")]
    public void Tied_weights_are_saved_once(string kind, string embedding, string decoder, string bias)
    {
        using var scope = TensorScope.Open();
        using var model = (ChunkedHeadModel)TaskZoo.Create(kind, "masked");
        Assert.Same(model.StateDict()[embedding], model.Head.Weight);
        Assert.Same(model.StateDict()[bias], model.Head.Bias);
        ModelFolder.Save(_folder.Path, model);
        using var file = SafetensorsFile.Open(Path.Combine(_folder.Path, ModelFolder.WeightsName));
        Assert.Contains(embedding, file.Entries.Keys);
        Assert.DoesNotContain(decoder, file.Entries.Keys);
        Assert.Equal(model.ParameterCount, file.Entries.Keys.Sum(k => file.Read(k).ElementCount));
    }

    [Fact]
    public void An_embeddings_weights_are_those_of_the_plain_model_with_its_pooler()
    {
        using var model = TaskZoo.Create("encoder", "embedding");
        var names = model.StateDict().Keys;
        Assert.Contains("embeddings.LayerNorm.weight", names);
        Assert.Contains("encoder.layer.1.output.dense.bias", names);
        Assert.Contains("pooler.dense.weight", names);
        Assert.DoesNotContain(model.NamedParameters(), p => p.Key.StartsWith("pooler", StringComparison.Ordinal));
        var withoutPooler = model.StateDict().Where(t => !t.Key.StartsWith("pooler", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value);
        model.LoadStateDict(withoutPooler);
        using var distil = TaskZoo.Create("distilbert", "embedding");
        Assert.DoesNotContain(distil.StateDict().Keys, n => n.StartsWith("pooler", StringComparison.Ordinal));
    }

    [Fact]
    public void An_embedding_is_the_mean_or_the_first_state_and_of_length_1_when_asked()
    {
        using var scope = TensorScope.Open();
        var config = (EncoderConfig)((IConfigured)TaskZoo.Create("encoder", "embedding")).Config;
        using var mean = config.Build();
        using var first = (config with { Pooling = EncoderPooling.First, Normalize = true }).Build();
        first.LoadStateDict(mean.StateDict());
        mean.Eval();
        first.Eval();
        // A text of one token has one state, which is both.
        var one = Zoo.Rows(TaskZoo.Input("encoder"), 3, 1);
        var vector = mean.Forward(one);
        GoldenCase.Close(vector.Div(vector.Norm()), first.Forward(one), "one token", 1e-5);
        var all = TaskZoo.Input("encoder");
        Assert.All(first.Forward(all).Norm([1]).ToArray<float>(), length => Assert.Equal(1, length, 1e-5));
        Assert.NotEqual(mean.Forward(all).ToArray<float>(), first.Forward(all).ToArray<float>());
    }

    [Fact]
    public void An_embedding_is_the_largest_or_the_last_state_of_the_tokens_without_padding()
    {
        using var scope = TensorScope.Open();
        var config = (EncoderConfig)((IConfigured)TaskZoo.Create("encoder", "embedding")).Config;
        var input = TaskZoo.Input("encoder");
        var mask = input.AttentionMask!.ToArray<bool>();
        foreach (var pooling in new[] { EncoderPooling.Max, EncoderPooling.Last })
        {
            using var model = (EncoderEmbedder)(config with { Pooling = pooling }).Build();
            model.Eval();
            var (vectors, states) = model.ForwardWithStates(input);
            var (all, width, length) = (states.ToArray<float>(), (int)states.Size(2), (int)states.Size(1));
            var expected = new List<float>();
            for (var text = 0; text < states.Size(0); text++)
            {
                var tokens = Enumerable.Range(0, length).Where(t => mask[text * length + t]).Select(t => all.AsSpan((text * length + t) * width, width).ToArray()).ToArray();
                expected.AddRange(Enumerable.Range(0, width).Select(i => pooling == EncoderPooling.Last ? tokens[^1][i] : tokens.Max(token => token[i])));
            }

            Assert.Contains(false, mask);
            Assert.Equal(expected, vectors.ToArray<float>());
        }

        Assert.Contains("pooling is max, which is for embeddings", Assert.Throws<DecantException>(() => ModelFamilies.All.Single(f => f.Kind == "encoder")
            .Configure(new BertOptions { Pooling = EncoderPooling.Max }, TaskZoo.Context("encoder", "regression"))).Message);
    }

    [Fact]
    public void Sinusoidal_positions_are_saved_and_not_trained()
    {
        var config = new DistilBertConfig { Task = ModelTask.MaskedLanguageModel, VocabSize = 9, Dim = 4, NHeads = 1, NLayers = 1, HiddenDim = 4, SinusoidalPosEmbds = true };
        using var model = config.Build();
        const string name = "distilbert.embeddings.position_embeddings.weight";
        Assert.DoesNotContain(model.NamedParameters(), p => p.Key == name);
        var row = model.StateDict()[name].ToArray<float>()[(7 * 4)..(8 * 4)];
        double[] expected = [Math.Sin(7), Math.Cos(7), Math.Sin(0.07), Math.Cos(0.07)];
        Assert.All(row.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-6));
    }

    [Fact]
    public void Embeddings_of_another_width_and_tasks_without_a_head_are_refused()
    {
        var context = TaskZoo.Context("encoder", "embedding") with { Classes = 24 };
        Assert.Contains("Say 'hidden: 24'", Assert.Throws<DecantException>(() => BertConfig.From(new BertOptions { Hidden = 16 }, context)).Message);
        var lstm = ModelFamilies.All.Single(f => f.Kind == "lstm");
        Assert.Contains(
            "width of an embedding, is 0", Assert.Throws<DecantException>(() => lstm.Configure(new LstmOptions(), TaskZoo.Context("lstm", "embedding") with { Classes = 0 })).Message);
        Assert.Contains(
            "no head for masked language modelling", Assert.Throws<DecantException>(() => lstm.Configure(new LstmOptions(), TaskZoo.Context("lstm", "masked"))).Message);
        Assert.Contains(
            "pooling is max", Assert.Throws<DecantException>(() => lstm.Configure(new LstmOptions { Pooling = LstmPooling.Max }, TaskZoo.Context("lstm", "tokens"))).Message);
        var encoder = ModelFamilies.All.Single(f => f.Kind == "encoder");
        Assert.Contains(
            "pooling is mean", Assert.Throws<DecantException>(() => encoder.Configure(new BertOptions { Pooling = EncoderPooling.Mean }, TaskZoo.Context("encoder", "masked"))).Message);
    }

    [Theory]
    [InlineData("lstm-lm", "causal")]
    [InlineData("roberta", "masked")]
    public void Documents_that_cannot_be_kept_apart_are_refused(string kind, string task)
    {
        using var scope = TensorScope.Open();
        using var model = TaskZoo.Create(kind, task);
        var input = TaskZoo.Input(kind);
        Assert.Contains("one document per row", Assert.Throws<DecantException>(() => model.Forward(input with { Segments = input.Values.ZerosLike() })).Message);
    }

    [Fact]
    public void A_text_longer_than_RoBERTas_positions_is_refused_with_how_many_there_are()
    {
        using var scope = TensorScope.Open();
        using var model = new RobertaConfig { VocabSize = 9, HiddenSize = 4, NumHiddenLayers = 1, NumAttentionHeads = 1, IntermediateSize = 4, MaxPositionEmbeddings = 10, ClassNames = ["a", "b"] }.Build();
        model.Forward(new ModelInput(Tensor.Full([1, 8], 3, DType.Int64)));
        var error = Assert.Throws<DecantException>(() => model.Forward(new ModelInput(Tensor.Full([1, 9], 3, DType.Int64))));
        Assert.Contains("at most 8 tokens", error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
