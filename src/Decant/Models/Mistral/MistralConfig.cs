using Decant.Models.Configuration;
using Decant.Models.Decoder;

namespace Decant.Models.Mistral;

/// <summary>The settings of Mistral (Jiang 2023), under the names of its published <c>config.json</c>.</summary>
internal sealed record MistralConfig : RotaryDecoderConfig
{
    /// <inheritdoc/>
    public override int IntermediateSize { get; init; } = 14336;

    /// <inheritdoc/>
    public override int? NumKeyValueHeads { get; init; } = 8;

    /// <inheritdoc/>
    public override int? HeadDim { get; init; }

    /// <inheritdoc/>
    public override int MaxPositionEmbeddings { get; init; } = 131072;

    /// <summary>How many positions a token sees, itself included; null: all. A file without the key means 4,096.</summary>
    public int? SlidingWindow { get; init; } = 4096;

    internal override string PlainType => "mistral";

    internal override string PlainArchitecture => "MistralForCausalLM";

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys Keys { get; } = RotaryKeys().Only("attention_bias", false).Only("mlp_bias", false);

    internal static MistralConfig From(MistralOptions options, ModelContext context) =>
        From(new MistralConfig { VocabSize = context.RequireVocabulary("mistral"), SlidingWindow = options.Window }, options, context);

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        faults.Unless(SlidingWindow is not < 1, $"sliding_window is {SlidingWindow}; at least 1 is needed");
    }

    private protected override long? Window(int layer) => SlidingWindow;
}
