using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Gguf.Architectures;

/// <summary>BERT and DistilBERT that make vectors of texts, as llama.cpp has them: both are of its family <c>bert</c>.</summary>
internal static class BertArchitecture
{
    private const string Words = "word_embeddings.weight";

    /// <summary>That of a model.</summary>
    public static GgufArchitecture Of(EncoderConfig config, IReadOnlyDictionary<string, Tensor> state)
    {
        var (shape, names) = (config.Shape, config.Names);
        Check(config, shape);
        var made = new GgufArchitecture("bert") { Vocabulary = shape.Vocabulary };
        made.Set("context_length", shape.Longest);
        made.Set("embedding_length", shape.Width);
        made.Set("block_count", shape.Layers);
        made.Set("feed_forward_length", shape.Intermediate);
        made.Set("attention.head_count", shape.Heads);
        made.Set("attention.layer_norm_epsilon", (object)(float)shape.Epsilon);
        made.Set("attention.causal", (object)false);
        made.Set("pooling_type", PoolingOf(config));
        made.Settings.Add(new("tokenizer.ggml.token_type_count", (uint)Math.Max(1, shape.TokenTypes)));
        if (config.Normalize)
            made.Notes.Add("the model divides its vectors by their length, which a GGUF file cannot say: programs ask llama.cpp for it, and most do so by default");

        var root = new StoredLayer(state, "");
        AddEmbeddings(made, root["embeddings"], shape);
        for (var index = 0; index < shape.Layers; index++)
        {
            var (layer, block) = (root[$"{names.Layers}.{LayerGroups.FirstOf(shape.Groups, index)}"], $"blk.{index}");
            var attention = layer[names.Attention];
            made.AddLinear($"{block}.attn_q", attention, names.Query);
            made.AddLinear($"{block}.attn_k", attention, names.Key);
            made.AddLinear($"{block}.attn_v", attention, names.Value);
            made.AddLinear($"{block}.attn_output", names.InnerOutput is null ? layer : attention, names.InnerOutput ?? names.AttentionOutput);
            made.AddNorm($"{block}.attn_output_norm", layer, names.AttentionNorm);
            made.AddLinear($"{block}.ffn_up", layer, names.Up);
            made.AddLinear($"{block}.ffn_down", layer, names.Down);
            made.AddNorm($"{block}.layer_output_norm", layer, names.OutputNorm);
        }

        return made;
    }

    private static void AddEmbeddings(GgufArchitecture made, StoredLayer embeddings, EncoderShape shape)
    {
        made.Add("token_embd.weight", [shape.Vocabulary, shape.Width], () => embeddings.Find(EncoderEmbeddings.Projection + ".weight") is { } projection
            ? embeddings.Tensor(Words).MatMul(projection.Transpose(0, 1)) : embeddings.Tensor(Words));
        made.Add("position_embd.weight", embeddings.Tensor("position_embeddings.weight"));
        if (shape.TokenTypes > 0)
            made.Add("token_types.weight", embeddings.Tensor("token_type_embeddings.weight"));
        else
            made.Add("token_types.weight", [1, shape.Width], () => Tensor.Zeros([1, shape.Width])); // DistilBERT has none, and the sum stays what it is
        made.AddNorm("token_embd_norm", embeddings, "LayerNorm");
    }

    private static long PoolingOf(EncoderConfig config) => config.PoolingOfTask switch
    {
        EncoderPooling.Mean => 1,
        EncoderPooling.First => 2,
        EncoderPooling.Last => 3,
        var other => throw GgufArchitecture.Refused($"its vectors are pooled by {other}, and llama.cpp knows mean, first and last"),
    };

    private static void Check(EncoderConfig config, EncoderShape shape)
    {
        if (config.Task != ModelTask.Embedding)
            throw GgufArchitecture.Refused($"it is an encoder for another task ({config.Task}), and of encoders llama.cpp runs those that make vectors of texts");
        if (shape.Activation is not (ActivationKind.Gelu or ActivationKind.GeluNew))
            throw GgufArchitecture.Refused($"its feed-forward parts use {shape.Activation} (hidden_act), and llama.cpp has Gelu alone in this family");
    }
}
