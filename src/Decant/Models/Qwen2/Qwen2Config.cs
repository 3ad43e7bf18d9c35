using System.Text.Json.Serialization;
using Decant.Models.Configuration;
using Decant.Models.Decoder;

namespace Decant.Models.Qwen2;

/// <summary>The settings of Qwen2 and 2.5 (Yang 2024), under the names of its published <c>config.json</c>.</summary>
internal sealed record Qwen2Config : RotaryDecoderConfig
{
    /// <inheritdoc/>
    public override int IntermediateSize { get; init; } = 22016;

    /// <inheritdoc/>
    public override int? NumKeyValueHeads { get; init; } = 32;

    /// <inheritdoc/>
    public override int? HeadDim { get; init; }

    /// <inheritdoc/>
    public override int MaxPositionEmbeddings { get; init; } = 32768;

    /// <summary>Whether some layers look back a limited way.</summary>
    public bool UseSlidingWindow { get; init; }

    /// <summary>How many positions a token of those layers sees, itself included.</summary>
    public int? SlidingWindow { get; init; } = 4096;

    /// <summary>The first of those layers, where <see cref="LayerTypes"/> does not say which.</summary>
    public int MaxWindowLayers { get; init; } = 28;

    /// <summary>For every layer <c>full_attention</c> or <c>sliding_attention</c>; null: <see cref="MaxWindowLayers"/> says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LayerTypes { get; init; }

    internal override string PlainType => "qwen2";

    internal override string PlainArchitecture => "Qwen2ForCausalLM";

    /// <summary>Keys that are served with some values alone.</summary>
    internal static ConfigKeys Keys { get; } = RotaryKeys().Only("attention_bias", true).Only("mlp_bias", false);

    internal static Qwen2Config From(Qwen2Options options, ModelContext context) =>
        From(new Qwen2Config { VocabSize = context.RequireVocabulary("qwen2") }, options, context);

    private protected override void Check(ConfigFaults faults)
    {
        base.Check(faults);
        Decant.Models.Decoder.SlidingWindow.Check(faults, UseSlidingWindow, SlidingWindow, NumHiddenLayers, LayerTypes);
    }

    private protected override bool InputBias => true;

    private protected override long? Window(int layer) => Decant.Models.Decoder.SlidingWindow.Of(layer, UseSlidingWindow, SlidingWindow, MaxWindowLayers, LayerTypes);
}
