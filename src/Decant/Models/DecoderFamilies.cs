using Decant.Models.Configuration;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Mistral;
using Decant.Models.Qwen2;
using Decant.Models.Qwen3;

namespace Decant.Models;

/// <summary>The kinds of decoders.</summary>
internal static class DecoderFamilies
{
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        Of<Gpt2Options, Gpt2Config>("gpt2", "decoder of GPT-2's architecture, a language model", Gpt2Config.From, Gpt2Config.Keys),
        Of<LlamaOptions, LlamaConfig>("llama", "decoder of Llama's architecture: rotary positions, gated feed-forward parts, RMS norms", LlamaConfig.From, LlamaConfig.Keys),
        Of<MistralOptions, MistralConfig>("mistral", "decoder of Mistral's architecture: Llama's with a window", MistralConfig.From, MistralConfig.Keys),
        Of<Qwen2Options, Qwen2Config>("qwen2", "decoder of Qwen2's architecture: Llama's with biases of queries, keys and values", Qwen2Config.From, Qwen2Config.Keys),
        Of<Qwen3Options, Qwen3Config>("qwen3", "decoder of Qwen3's architecture: Llama's with norms of queries and keys", Qwen3Config.From, Qwen3Config.Keys),
    ];

    private static ModelFamily Of<TOptions, TConfig>(string kind, string about, Func<TOptions, ModelContext, TConfig> configure, ConfigKeys keys)
        where TOptions : ModelOptions
        where TConfig : ModelConfig =>
        ModelFamily.Of(kind, about, [kind, LayerGroups.TypeOf(kind, isCompact: true)], configure, ModelTask.CausalLanguageModel, keys);
}
