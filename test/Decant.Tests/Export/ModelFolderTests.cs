using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Export.Safetensors;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Export;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void A_model_comes_back_with_the_same_settings_and_logits(string name)
    {
        using var scope = TensorScope.Open();
        using var model = Zoo.Create(name);
        model.Eval();
        ModelFolder.Save(_folder.Path, model);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.False(loaded.IsTraining);
        Assert.Equal(model.GetType(), loaded.GetType());
        Assert.Equal(((IConfigured)model).Config.ClassNames, ((IConfigured)loaded).Config.ClassNames);
        Assert.Equal(model.Forward(Zoo.Input(name)).ToArray<float>(), loaded.Forward(Zoo.Input(name)).ToArray<float>());
    }

    [Theory, MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void Equal_models_give_equal_bytes(string name)
    {
        using (var model = Zoo.Create(name))
            ModelFolder.Save(Path.Combine(_folder.Path, "one"), model);
        using (var loaded = ModelFolder.Load(Path.Combine(_folder.Path, "one")))
            ModelFolder.Save(Path.Combine(_folder.Path, "two"), loaded);
        foreach (var file in new[] { ModelFolder.ConfigName, ModelFolder.WeightsName })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "one", file)), File.ReadAllBytes(Path.Combine(_folder.Path, "two", file)));
    }

    [Fact]
    public void The_settings_of_an_encoder_are_BERTs_own()
    {
        using var model = Zoo.Create("encoder");
        ModelFolder.Save(_folder.Path, model);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "config.json")))!.AsObject();
        string[] keys =
        [
            "architectures", "attention_probs_dropout_prob", "classifier_dropout", "hidden_act", "hidden_dropout_prob", "hidden_size", "id2label",
            "initializer_range", "intermediate_size", "label2id", "layer_norm_eps", "max_position_embeddings", "model_type", "num_attention_heads",
            "num_hidden_layers", "num_labels", "pad_token_id", "position_embedding_type", "tie_word_embeddings", "type_vocab_size", "vocab_size",
        ];
        Assert.Equal(keys, json.Select(p => p.Key));
        Assert.Equal("bert", (string)json["model_type"]!);
        Assert.Equal("BertForSequenceClassification", (string)json["architectures"]![0]!);
        Assert.Equal("gelu", (string)json["hidden_act"]!);
        Assert.Equal("好", (string)json["id2label"]!["0"]!);
        Assert.Equal(0, (int)json["label2id"]!["好"]!);
        Assert.Equal(64, (int)json["intermediate_size"]!);
    }

    [Fact]
    public void Pooling_that_BERT_does_not_know_is_not_called_BERT()
    {
        using var model = Zoo.Create("encoder-mean");
        ModelFolder.Save(_folder.Path, model);
        Assert.Contains("\"model_type\": \"bert-mean-pooling\"", File.ReadAllText(Path.Combine(_folder.Path, "config.json")));
    }

    [Fact]
    public void A_published_config_with_more_keys_is_read()
    {
        var config = ModelFamilies.Read(JsonNode.Parse("""
            {"attention_probs_dropout_prob": 0.1, "finetuning_task": null, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 16,
             "intermediate_size": 64, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "num_attention_heads": 2, "num_hidden_layers": 3,
             "num_labels": 4, "torchscript": false, "pruned_heads": {}, "type_vocab_size": 2, "vocab_size": 32006, "model_type": "bert"}
            """)!.AsObject());
        var bert = Assert.IsType<BertConfig>(config);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"], bert.ClassNames);
        Assert.Equal((16, 3, 32006), (bert.HiddenSize, bert.NumHiddenLayers, bert.VocabSize));
    }

    [Theory]
    [InlineData("{", "no valid JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "no model_type")]
    [InlineData("""{"model_type": 3}""", "no model_type")]
    [InlineData("""{"model_type": "t5"}""", "'t5' are not known; known are mlp, cnn")]
    [InlineData("""{"model_type": "bert"}""", "vocab_size")]
    [InlineData("""{"model_type": "bert", "vocab_size": "many"}""", "vocab_size")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "hidden_act": "swoosh"}""", "hidden_act")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "position_embedding_type": "relative_key"}""", "position_embedding_type is relative_key; served is absolute")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "is_decoder": true, "add_cross_attention": true}""", "is_decoder is true")]
    [InlineData("""{"model_type": "roberta", "vocab_size": 9, "is_decoder": false, "add_cross_attention": true}""", "add_cross_attention is true")]
    [InlineData("""{"model_type": "distilbert", "vocab_size": 9, "pruned_heads": {"1": [0]}}""", "pruned_heads is")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "problem_type": "ranking"}""", "problem_type is ranking")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "quantization_config": {"bits": 4}}""", "quantization_config")]
    [InlineData("""{"model_type": "roberta", "vocab_size": 9, "max_position_embeddings": 2}""", "the first 2 are for padding")]
    [InlineData("""{"model_type": "roberta", "vocab_size": 9, "pooling": "mean"}""", "RoBERTa classifies by the first token")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "architectures": ["BertForMaskedLM"], "normalize": true}""", "normalize is for embeddings")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "architectures": ["BertForCausalLM"]}""", "no head for causal language modelling")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "num_labels": 3, "id2label": {"0": "a"}}""", "num_labels is 3")]
    [InlineData("""{"model_type": "bert", "vocab_size": 9, "id2label": {"0": "a", "2": "b"}}""", "key '2'")]
    [InlineData("""{"model_type": "mlp", "input_shape": null, "hidden_sizes": [2]}""", "input_shape")]
    [InlineData("""{"model_type": "mlp", "input_shape": [2], "hidden_sizes": [0]}""", "hidden is [0]")]
    public void Settings_that_are_wrong_are_refused_with_the_files_name(string json, string said)
    {
        var path = _folder.Write("config.json", json);
        var error = Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(said, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_folder_without_a_model_says_what_was_expected() =>
        Assert.Contains("config.json", Assert.Throws<DecantException>(() => ModelFolder.Load(Path.Combine(_folder.Path, "none"))).Message);

    [Fact]
    public void Weights_of_another_model_are_refused_with_the_files_name_and_no_tensor_left()
    {
        using (var model = Zoo.Create("mlp"))
            ModelFolder.Save(_folder.Path, model);
        using (var other = Zoo.Create("cnn"))
            SafetensorsWriter.Write(Path.Combine(_folder.Path, ModelFolder.WeightsName), other.StateDict());
        var before = Tensor.LiveCount;
        var error = Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path));
        Assert.Contains("model.safetensors: The weights do not fit", error.Message);
        Assert.Contains("unexpected: conv1.bias [4]", error.Message);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Loading_does_not_move_libtorchs_generator()
    {
        using (var model = Zoo.Create("mlp"))
            ModelFolder.Save(_folder.Path, model);
        using var generator = Generator.Default();
        var before = generator.GetState();
        ModelFolder.Load(_folder.Path).Dispose();
        Assert.Equal(before, generator.GetState());
    }

    [Fact]
    public void A_model_that_does_not_tell_its_settings_says_how_to_be_saved()
    {
        using var model = new Nameless();
        Assert.Contains("SafetensorsWriter", Assert.Throws<DecantException>(() => ModelFolder.Save(_folder.Path, model)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Nameless : Model
    {
        public override string Kind => "nameless";

        public override int Classes => 1;

        public override Tensor Forward(ModelInput input) => input.Values;

        public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
    }
}
