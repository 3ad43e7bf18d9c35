using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Gguf.Architectures;

/// <summary>GPT-2 as llama.cpp has it.</summary>
internal static class Gpt2Architecture
{
    /// <summary>That of a model.</summary>
    public static GgufArchitecture Of(Gpt2Config config, IReadOnlyDictionary<string, Tensor> state)
    {
        if (config.ActivationFunction != ActivationKind.GeluNew)
            throw GgufArchitecture.Refused($"its feed-forward parts use {config.ActivationFunction} (activation_function), and llama.cpp has GeluNew alone in this family");
        if (!config.ScaleAttnWeights || config.ScaleAttnByInverseLayerIdx)
            throw GgufArchitecture.Refused("its attention scores are scaled in a way of their own (scale_attn_weights: false, or scale_attn_by_inverse_layer_idx), which llama.cpp does not do");
        var (sizes, names) = (config.Sizes, config.Names);
        var made = new GgufArchitecture("gpt2") { Vocabulary = config.VocabSize };
        made.Set("context_length", config.MaxPositions);
        made.Set("embedding_length", sizes.Hidden);
        made.Set("block_count", sizes.Layers);
        made.Set("feed_forward_length", sizes.Intermediate);
        made.Set("attention.head_count", sizes.Heads);
        made.Set("attention.layer_norm_epsilon", (object)(float)config.LayerNormEpsilon);

        var root = new StoredLayer(state, "");
        var body = root[names.Body];
        made.Add("token_embd.weight", body.Tensor(names.Embedding + ".weight"));
        made.Add("position_embd.weight", body.Tensor(names.Positions + ".weight"));
        made.AddNorm("output_norm", body, names.LastNorm);
        if (!config.TieWordEmbeddings)
            made.Add("output.weight", root.Tensor(names.Head + ".weight"));
        for (var index = 0; index < sizes.Layers; index++)
        {
            var (layer, block) = (body[$"{names.Layers}.{LayerGroups.FirstOf(config.ShareLayers, index)}"], $"blk.{index}");
            made.AddNorm($"{block}.attn_norm", layer, names.FirstNorm);
            AddTurned($"{block}.attn_qkv", layer[names.Attention], names.InAttention.Joint!);
            AddTurned($"{block}.attn_output", layer[names.Attention], names.InAttention.Output!);
            made.AddNorm($"{block}.ffn_norm", layer, names.SecondNorm);
            AddTurned($"{block}.ffn_up", layer[names.Mlp], names.Up);
            AddTurned($"{block}.ffn_down", layer[names.Mlp], names.Down);
        }

        return made;

        // Factors are not turned, whole matrices are.
        void AddTurned(string name, StoredLayer part, string layer) => made.AddLinear(name, part, layer, isTurned: true);
    }
}
