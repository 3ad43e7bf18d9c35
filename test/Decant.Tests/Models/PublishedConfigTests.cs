using System.Text.Json.Nodes;
using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.Roberta;

namespace Decant.Tests.Models;

/// <summary>Settings as they are published, with all their keys.</summary>
public class PublishedConfigTests
{
    private const string BertBase = """
        {"architectures": ["BertForMaskedLM"], "attention_probs_dropout_prob": 0.1, "gradient_checkpointing": false, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
         "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "bert",
         "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 0, "position_embedding_type": "absolute", "transformers_version": "4.6.0.dev0",
         "type_vocab_size": 2, "use_cache": true, "vocab_size": 30522}
        """;

    private const string DistilBertBase = """
        {"activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1, "dim": 768, "dropout": 0.1, "hidden_dim": 3072,
         "initializer_range": 0.02, "max_position_embeddings": 512, "model_type": "distilbert", "n_heads": 12, "n_layers": 6, "pad_token_id": 0, "qa_dropout": 0.1,
         "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": false, "tie_weights_": true, "transformers_version": "4.10.0.dev0", "vocab_size": 30522}
        """;

    private const string RobertaBase = """
        {"architectures": ["RobertaForMaskedLM"], "attention_probs_dropout_prob": 0.1, "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu",
         "hidden_dropout_prob": 0.1, "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-05,
         "max_position_embeddings": 514, "model_type": "roberta", "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 1, "type_vocab_size": 1,
         "vocab_size": 50265}
        """;

    // The published models' parameters: BertModel and RobertaModel with, here without the pooler's 768·768 + 768.
    [Theory]
    [InlineData(BertBase, 12, 109_482_240 - 590_592)]
    [InlineData(DistilBertBase, 6, 66_362_880)]
    [InlineData(RobertaBase, 12, 124_645_632 - 590_592)]
    public void Base_models_have_the_published_sizes(string json, int layers, long parameters)
    {
        const long perLayer = (4 * ((768 * 768) + 768)) + (2 * 768 * 3072) + 3072 + 768 + (4 * 768);
        var published = Assert.IsAssignableFrom<EncoderConfig>(ModelFamilies.Read(JsonNode.Parse(json)!.AsObject()));
        Assert.Equal(layers, published.Shape.Layers);
        Assert.Equal(ModelTask.MaskedLanguageModel, published.Task);
        Assert.Empty(published.ClassNames);
        using var model = WithOneLayer(published with { Task = ModelTask.Embedding }).Build();
        Assert.Equal(parameters - ((layers - 1) * perLayer), model.ParameterCount);
    }

    [Fact]
    public void RoBERTa_reads_512_tokens_of_514_positions()
    {
        var config = Assert.IsType<RobertaConfig>(ModelFamilies.Read(JsonNode.Parse(RobertaBase)!.AsObject()));
        Assert.Equal((514, 512, 1, 1e-5), (config.MaxPositionEmbeddings, config.Shape.Longest, config.PadTokenId, config.LayerNormEps));
    }

    [Fact]
    public void Null_means_left_out()
    {
        var config = Assert.IsType<RobertaConfig>(ModelFamilies.Read(JsonNode.Parse("""
            {"model_type": "roberta", "vocab_size": 20, "architectures": null, "id2label": null, "classifier_dropout": null, "pad_token_id": null, "hidden_size": null,
             "quantization_config": null, "problem_type": null}
            """)!.AsObject()));
        Assert.Equal((768, 1, ModelTask.Classification), (config.HiddenSize, config.PadTokenId, config.Task));
        Assert.Equal(["LABEL_0", "LABEL_1"], config.ClassNames);
    }

    [Theory]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"}}""", ModelTask.Regression)]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertForSequenceClassification"], "num_labels": 1}""", ModelTask.Regression)]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertForSequenceClassification"], "num_labels": 3, "problem_type": "regression"}""", ModelTask.Regression)]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertForSequenceClassification"], "num_labels": 3}""", ModelTask.Classification)]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertForPreTraining"]}""", ModelTask.MaskedLanguageModel)]
    [InlineData("""{"model_type": "bert", "vocab_size": 20, "architectures": ["BertModel"]}""", ModelTask.Embedding)]
    [InlineData("""{"model_type": "distilbert", "vocab_size": 20, "architectures": ["DistilBertForTokenClassification"]}""", ModelTask.TokenClassification)]
    public void The_task_is_what_the_architecture_says(string json, ModelTask task) => Assert.Equal(task, ModelFamilies.Read(JsonNode.Parse(json)!.AsObject()).Task);

    [Fact]
    public void Settings_of_published_checkpoints_are_read_old_ones_without_a_model_type_too()
    {
        var folder = RealData.Find("bert-loader-fixtures");
        var old = Assert.IsType<BertConfig>(ModelFolder.ReadConfig(Path.Combine(folder, "bert")));
        Assert.Equal((16, 3, 2, 32006, 64), (old.HiddenSize, old.NumHiddenLayers, old.NumAttentionHeads, old.VocabSize, old.IntermediateSize));
        var entities = Assert.IsType<BertConfig>(ModelFolder.ReadConfig(Path.Combine(folder, "ner_bert")));
        Assert.Equal(ModelTask.TokenClassification, entities.Task);
        Assert.Equal(["O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"], entities.ClassNames);
    }

    private static EncoderConfig WithOneLayer(EncoderConfig config) => config switch
    {
        BertConfig bert => bert with { NumHiddenLayers = 1 },
        RobertaConfig roberta => roberta with { NumHiddenLayers = 1 },
        _ => (DistilBertConfig)config with { NLayers = 1 },
    };
}
