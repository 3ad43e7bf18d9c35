using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Models.Decoder;

namespace Decant.Models.Qwen3;

/// <summary>The settings of Qwen3 (Yang 2025), under the names of its published <c>config.json</c>.</summary>
internal sealed record Qwen3Config : RotaryDecoderConfig
{
    /// <inheritdoc/>
    public override int IntermediateSize { get; init; } = 22016;

    /// <inheritdoc/>
    public override int? NumKeyValueHeads { get; init; } = 32;

    /// <inheritdoc/>
    public override int? HeadDim { get; init; } = 128;

    /// <inheritdoc/>
    public override int MaxPositionEmbeddings { get; init; } = 32768;

    /// <summary>With biases of all layers of attention.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether some layers look back a limited way.</summary>
    public bool UseSlidingWindow { get; init; }

    /// <summary>How many positions a token of those layers sees, itself included.</summary>
    public int? SlidingWindow { get; init; } = 4096;

    /// <summary>The first of those layers, where <see cref="LayerTypes"/> does not say which.</summary>
    public int MaxWindowLayers { get; init; } = 28;

    /// <summary>For every layer <c>full_attention</c> or <c>sliding_attention</c>; null: <see cref="MaxWindowLayers"/> says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LayerTypes { get; init; }

    internal override string PlainType => "qwen3";

    internal override string PlainArchitecture => "Qwen3ForCausalLM";

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys Keys { get; } = RotaryKeys().Only("mlp_bias", false);

    internal static Qwen3Config From(Qwen3Options options, ModelContext context) =>
        From(new Qwen3Config { VocabSize = context.RequireVocabulary("qwen3") }, options, context);

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        Decant.Models.Decoder.SlidingWindow.Check(faults, UseSlidingWindow, SlidingWindow, NumHiddenLayers, LayerTypes);
    }

    private protected override bool InputBias => AttentionBias;

    private protected override bool OutputBias => AttentionBias;

    private protected override bool HeadNorms => true;

    private protected override long? Window(int layer) => Decant.Models.Decoder.SlidingWindow.Of(layer, UseSlidingWindow, SlidingWindow, MaxWindowLayers, LayerTypes);
}
