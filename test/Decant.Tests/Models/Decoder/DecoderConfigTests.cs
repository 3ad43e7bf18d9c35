using System.Text.Json.Nodes;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Mistral;
using Decant.Models.Qwen3;

namespace Decant.Tests.Models.Decoder;

public class DecoderConfigTests
{
    public static TheoryData<string, string, string, string> Unserved => new()
    {
        { "gpt2", "reorder_and_upcast_attn", "true", "reorder_and_upcast_attn is true; served is false" },
        { "gpt2", "add_cross_attention", "true", "add_cross_attention is true" },
        { "gpt2", "activation_function", "\"cubic\"", "activation_function: the activation 'cubic' is not served; served are relu, gelu" },
        { "gpt2", "quantization_config", "{\"bits\":4}", "quantization_config is {\"bits\":4}; served is a model without it" },
        { "llama", "pretraining_tp", "2", "pretraining_tp is 2; served is 1" },
        { "llama", "num_experts", "8", "num_experts is 8" },
        { "llama", "partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5; served is 1" },
        { "llama", "hidden_act", "\"gelu_10\"", "'gelu_10' is not served" },
        { "llama", "rope_scaling", "{\"rope_type\":\"longrope\",\"factor\":4}", "longrope" },
        { "llama", "rope_scaling", "{\"type\":\"su\",\"factor\":4}", "served is a rope_type of default, linear, dynamic, llama3, yarn" },
        { "llama", "rope_scaling", "{\"rope_type\":\"linear\",\"factor\":4,\"short_factor\":[1]}", "short_factor" },
        { "llama", "rope_scaling", "{\"rope_type\":\"linear\"}", "factor null; at least 1" },
        { "llama", "rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":8}", "low_freq_factor" },
        { "llama", "num_key_value_heads", "3", "3 key-value-heads do not divide 2 heads" },
        { "llama", "architectures", "[\"LlamaForSequenceClassification\"]", "no head for classification; this family serves causal language modelling" },
        { "llama", "head_dim", "5", "an even width is needed" },
        { "mistral", "attention_bias", "true", "attention_bias is true; served is false" },
        { "qwen2", "attention_bias", "false", "attention_bias is false; served is true" },
        { "qwen3", "layer_types", "[\"full_attention\"]", "1 entries for 2 layers" },
        { "qwen3", "layer_types", "[\"full_attention\",\"linear_attention\"]", "linear_attention" },
        { "qwen3", "eos_token_id", "[1, 99]", "eos_token_id is 1, 99; the vocabulary has 13 tokens" },
    };

    [Theory, MemberData(nameof(Unserved))]
    public void Settings_that_change_the_mathematics_and_are_not_served_are_refused_by_name(string name, string key, string value, string said)
    {
        var json = DecoderCases.Config(name);
        ModelFamilies.Read(json);
        json[key] = JsonNode.Parse(value);
        Assert.Contains(said, Assert.Throws<DecantException>(() => ModelFamilies.Read(json)).Message);
    }

    [Fact]
    public void All_unserved_settings_are_told_at_once()
    {
        var json = DecoderCases.Config("llama");
        (json["pretraining_tp"], json["num_local_experts"]) = (4, 8);
        var message = Assert.Throws<DecantException>(() => ModelFamilies.Read(json)).Message;
        Assert.Contains("pretraining_tp is 4", message);
        Assert.Contains("num_local_experts is 8", message);
    }

    [Fact]
    public void Rotations_are_read_in_every_spelling_there_is()
    {
        var json = DecoderCases.Config("llama-yarn");
        var expected = Read(json);
        var scaling = json["rope_scaling"]!.AsObject();
        scaling["type"] = "yarn";
        Assert.Equal(expected, Read(json));
        scaling.Remove("rope_type");
        Assert.Equal(expected, Read(json));

        scaling["rope_theta"] = json["rope_theta"]!.DeepClone();
        (json["rope_theta"], json["rope_scaling"], json["rope_parameters"]) = (null, null, scaling.DeepClone());
        json.Remove("rope_theta");
        Assert.Equal(expected, Read(json));

        static (double, RopeScaling?) Read(JsonObject config) => ((LlamaConfig)ModelFamilies.Read(config)) is var read ? (read.RopeTheta, read.RopeScaling) : default;
    }

    [Fact]
    public void Keys_that_are_missing_have_the_published_defaults()
    {
        var llama = (LlamaConfig)Read("llama");
        Assert.Equal((11008, 2048, 10_000, 1e-6), (llama.IntermediateSize, llama.MaxPositionEmbeddings, llama.RopeTheta, llama.RmsNormEps));
        Assert.Equal(4096, ((MistralConfig)Read("mistral")).SlidingWindow);
        Assert.Null(((MistralConfig)Read("mistral", ("sliding_window", "null"))).SlidingWindow);
        Assert.Equal(128, ((Qwen3Config)Read("qwen3")).HeadDim);
        Assert.Equal([128001, 128009], ((LlamaConfig)Read("llama", ("vocab_size", "128256"), ("eos_token_id", "[128001, 128009]"))).EosTokenIds);
        Assert.Equal([2], ((LlamaConfig)Read("llama", ("eos_token_id", "2"))).EosTokenIds);
        Assert.Empty(((LlamaConfig)Read("llama", ("eos_token_id", "null"))).EosTokenIds);

        static ModelConfig Read(string type, params (string Key, string Value)[] more)
        {
            var json = new JsonObject { ["model_type"] = type, ["vocab_size"] = 32000 };
            foreach (var (key, value) in more)
                json[key] = JsonNode.Parse(value);
            return ModelFamilies.Read(json);
        }
    }

    [Fact]
    public void Options_that_do_not_go_together_are_refused()
    {
        var context = new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 50, MaxTokens = 64 };
        Refused(new LlamaOptions { Hidden = 30, Heads = 4 }, "4 heads do not divide a hidden width of 30");
        Refused(new LlamaOptions { Heads = 4, KeyValueHeads = 3 }, "3 key-value-heads do not divide 4 heads");
        Refused(new LlamaOptions { HeadWidth = 7 }, "an even width");
        Refused(new Gpt2Options { MaxPositions = 16 }, "max-positions is 16, but texts have up to 64 tokens");
        Refused(new MistralOptions { Window = 0 }, "sliding_window is 0");

        void Refused(DecoderOptions options, string said) => Assert.Contains(
            said, Assert.Throws<DecantException>(() => ModelFamilies.All.Single(f => f.OptionsType == options.GetType()).Configure(options, context)).Message);
    }
}
