using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Llama;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Gguf.Architectures;

/// <summary>Llama, Mistral, Qwen2 and Qwen3 as llama.cpp has them. Mistral's models are of its family <c>llama</c>.</summary>
internal static class RotaryArchitecture
{
    /// <summary>That of a model.</summary>
    public static GgufArchitecture Of(RotaryDecoderConfig config, IReadOnlyDictionary<string, Tensor> state)
    {
        Check(config);
        var (sizes, names, plan) = (config.Sizes, config.Names, config.ToPlan());
        var made = new GgufArchitecture(FamilyOf(config)) { Vocabulary = config.VocabSize };
        var head = sizes.HeadWidth ?? (sizes.Hidden / sizes.Heads);
        made.Set("context_length", Positions(config, plan, made.Notes));
        made.Set("embedding_length", sizes.Hidden);
        made.Set("block_count", sizes.Layers);
        made.Set("feed_forward_length", sizes.Intermediate);
        made.Set("attention.head_count", sizes.Heads);
        made.Set("attention.head_count_kv", sizes.KeyValueHeads);
        made.Set("attention.key_length", head);
        made.Set("attention.value_length", head);
        made.Set("attention.layer_norm_rms_epsilon", (object)(float)config.RmsNormEps);
        made.Set("rope.dimension_count", head);
        made.Set("rope.freq_base", (object)(float)config.RopeTheta);
        Stretch(made, config);

        var root = new StoredLayer(state, "");
        var body = root[names.Body];
        made.Add("token_embd.weight", body.Tensor(names.Embedding + ".weight"));
        made.AddNorm("output_norm", body, names.LastNorm);
        if (!config.TieWordEmbeddings)
            made.Add("output.weight", root.Tensor(names.Head + ".weight"));
        if (config.RopeScaling is { RopeType: RopeType.Llama3 } slow)
            made.Add("rope_freqs.weight", [head / 2], () => Factors(config, slow, head));
        for (var layer = 0; layer < sizes.Layers; layer++)
            AddLayer(made, body[$"{names.Layers}.{LayerGroups.FirstOf(config.ShareLayers, layer)}"], names, $"blk.{layer}", sizes);
        return made;
    }

    private static void AddLayer(GgufArchitecture made, StoredLayer layer, DecoderNames names, string block, DecoderSizes sizes)
    {
        var (attention, mlp) = (layer[names.Attention], layer[names.Mlp]);
        made.AddNorm($"{block}.attn_norm", layer, names.FirstNorm);
        AddTurned(made, $"{block}.attn_q", attention, names.InAttention.Query, sizes.Heads);
        AddTurned(made, $"{block}.attn_k", attention, names.InAttention.Key, sizes.KeyValueHeads);
        made.AddLinear($"{block}.attn_v", attention, names.InAttention.Value);
        made.AddLinear($"{block}.attn_output", attention, names.InAttention.Output!);
        foreach (var (name, norm) in new[] { ("attn_q_norm", names.InAttention.QueryNorm), ("attn_k_norm", names.InAttention.KeyNorm) })
            if (norm is not null && attention.Find(norm + ".weight") is not null)
                made.AddNorm($"{block}.{name}", attention, norm);
        made.AddNorm($"{block}.ffn_norm", layer, names.SecondNorm);
        made.AddLinear($"{block}.ffn_gate", mlp, names.Gate!);
        made.AddLinear($"{block}.ffn_up", mlp, names.Up);
        made.AddLinear($"{block}.ffn_down", mlp, names.Down);
    }

    /// <summary>Queries or keys. llama.cpp turns neighbours in a head of its family <c>llama</c>, where the published weights turn the two halves: the rows are put side by side.</summary>
    private static void AddTurned(GgufArchitecture made, string name, StoredLayer attention, string layer, long heads)
    {
        if (made.Name != "llama")
        {
            made.AddLinear(name, attention, layer);
            return;
        }

        made.Add(name + ".weight", attention.Shape(layer), () => SideBySide(attention.Matrix(layer), heads));
        if (attention.Bias(layer) is { } bias)
            made.Add(name + ".bias", [.. bias.Shape], () => SideBySide(bias, heads));
    }

    // [A·d, …]: of every head the rows 0, d/2, 1, d/2 + 1 …
    private static Tensor SideBySide(Tensor rows, long heads)
    {
        var rest = rows.ElementCount / rows.Size(0);
        return rows.Reshape(heads, 2, rows.Size(0) / heads / 2, rest).Transpose(1, 2).Reshape([.. rows.Shape]);
    }

    private static void Stretch(GgufArchitecture made, RotaryDecoderConfig config)
    {
        if (config.RopeScaling is not { RopeType: RopeType.Linear or RopeType.Yarn } scaling)
            return;
        made.Set("rope.scaling.type", (object)scaling.RopeType.ToString().ToLowerInvariant());
        made.Set("rope.scaling.factor", (object)(float)(scaling.Factor ?? 1));
        if (scaling.RopeType == RopeType.Yarn)
            made.Set("rope.scaling.original_context_length", scaling.OriginalMaxPositionEmbeddings ?? config.MaxPositionEmbeddings);
    }

    // By how much each pair is slower than without stretching.
    private static Tensor Factors(RotaryDecoderConfig config, RopeScaling slow, int head)
    {
        var (plain, stretched) = (new RopeScaling().Frequencies(head, config.RopeTheta, config.MaxPositionEmbeddings).Speeds(0), slow.Frequencies(head, config.RopeTheta, config.MaxPositionEmbeddings).Speeds(0));
        return Tensor.From([.. plain.Zip(stretched, (p, s) => p / s)], head / 2);
    }

    /// <summary>The longest text: no longer than what a token of any layer sees, since llama.cpp has no window in these families.</summary>
    private static long Positions(RotaryDecoderConfig config, DecoderPlan plan, List<string> notes)
    {
        var window = Enumerable.Range(0, plan.Layers).Min(layer => plan.Window(layer) ?? long.MaxValue);
        if (window >= plan.MaxTokens)
            return plan.MaxTokens;
        notes.Add($"texts of up to {window:N0} tokens instead of {plan.MaxTokens:N0}: the model sees that many tokens back (sliding_window), and llama.cpp has no window in the family {FamilyOf(config)}");
        return window;
    }

    private static string FamilyOf(RotaryDecoderConfig config) => config switch
    {
        LlamaConfig or MistralConfig => "llama",
        Qwen2Config => "qwen2",
        Qwen3Config => "qwen3",
        _ => throw GgufArchitecture.Refused($"models of type '{config.ModelType}' are not served"),
    };

    private static void Check(RotaryDecoderConfig config)
    {
        if (config.HiddenAct != ActivationKind.Silu)
            throw GgufArchitecture.Refused($"its feed-forward parts use {config.HiddenAct} (hidden_act), and llama.cpp has Silu alone in this family");
        if (config is Qwen3Config { AttentionBias: true })
            throw GgufArchitecture.Refused("attention has biases (attention_bias), which llama.cpp does not read in the family qwen3");
        if (config is Qwen2Config && config.Sizes.HeadWidth is { } head && (long)head * config.NumAttentionHeads != config.HiddenSize)
            throw GgufArchitecture.Refused($"its {config.NumAttentionHeads} heads are {head} wide (head_dim), together not the {config.HiddenSize} of its states, which llama.cpp does not read in the family qwen2");
        switch (config.RopeScaling)
        {
            case { RopeType: RopeType.Dynamic }:
                throw GgufArchitecture.Refused("its rotations are stretched by the length of the text (rope_scaling dynamic), which llama.cpp does not do");
            case { RopeType: RopeType.Llama3 } when FamilyOf(config) != "llama":
                throw GgufArchitecture.Refused($"its rotations are stretched as Llama 3.1's (rope_scaling llama3), which llama.cpp does not do in the family {FamilyOf(config)}");
            case { RopeType: RopeType.Yarn } yarn when yarn.AttentionFactor is not null || yarn.Mscale is not null || yarn.MscaleAllDim is not null || yarn.Truncate == false || yarn.BetaFast is not (null or 32) || yarn.BetaSlow is not (null or 1):
                throw GgufArchitecture.Refused("rope_scaling yarn has settings (attention_factor, beta_fast, beta_slow, mscale or truncate) other than the paper's");
        }
    }
}
