using Decant.Models.Configuration;
using Decant.Models.Decoder;

namespace Decant.Models.Llama;

/// <summary>The settings of Llama 1 to 3 (Touvron 2023), under the names of its published <c>config.json</c>.</summary>
internal sealed record LlamaConfig : RotaryDecoderConfig
{
    /// <inheritdoc/>
    public override int IntermediateSize { get; init; } = 11008;

    /// <inheritdoc/>
    public override int? NumKeyValueHeads { get; init; }

    /// <inheritdoc/>
    public override int? HeadDim { get; init; }

    /// <inheritdoc/>
    public override int MaxPositionEmbeddings { get; init; } = 2048;

    /// <summary>With biases of all layers of attention.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>With biases in the feed-forward part.</summary>
    public bool MlpBias { get; init; }

    internal override string PlainType => "llama";

    internal override string PlainArchitecture => "LlamaForCausalLM";

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys Keys { get; } = RotaryKeys();

    internal static LlamaConfig From(LlamaOptions options, ModelContext context) =>
        From(new LlamaConfig { VocabSize = context.RequireVocabulary("llama") }, options, context);

    private protected override bool InputBias => AttentionBias;

    private protected override bool OutputBias => AttentionBias;

    private protected override bool FeedForwardBias => MlpBias;
}
