namespace Decant.Models.Encoders;

/// <summary>How a family's published weights call the parts of an encoder; the standard is BERT's spelling.</summary>
internal sealed record EncoderNames
{
    /// <summary>What a model with a head calls the encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>The list of layers, in the encoder.</summary>
    public string Layers { get; init; } = "encoder.layer";

    /// <summary>Attention, in a layer.</summary>
    public string Attention { get; init; } = "attention.self";

    public string Query { get; init; } = "query";

    public string Key { get; init; } = "key";

    public string Value { get; init; } = "value";

    /// <summary>Attention's last linear layer, in attention; null: it lies in the layer, as <see cref="AttentionOutput"/>.</summary>
    public string? InnerOutput { get; init; }

    public string AttentionOutput { get; init; } = "attention.output.dense";

    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    public string Up { get; init; } = "intermediate.dense";

    public string Down { get; init; } = "output.dense";

    public string OutputNorm { get; init; } = "output.LayerNorm";

    /// <summary>The three parts before the vocabulary's logits, and their matrix where it is not the embedding's.</summary>
    public string HeadTransform { get; init; } = "cls.predictions.transform.dense";

    public string HeadNorm { get; init; } = "cls.predictions.transform.LayerNorm";

    public string HeadBias { get; init; } = "cls.predictions.bias";

    public string HeadWeight { get; init; } = "cls.predictions.decoder.weight";
}
