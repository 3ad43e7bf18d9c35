using Decant.Modules;

namespace Decant.Models.Decoder;

/// <summary>What the parts of a decoder are called in the published weights of its family.</summary>
internal sealed record DecoderNames
{
    public required string Body { get; init; }

    public required string Embedding { get; init; }

    public string? Positions { get; init; }

    public required string Layers { get; init; }

    public required string FirstNorm { get; init; }

    public required string Attention { get; init; }

    public required AttentionNames InAttention { get; init; }

    public required string SecondNorm { get; init; }

    public string Mlp { get; init; } = "mlp";

    /// <summary>The layer that gives, after the activation, the factor of <see cref="Up"/>; null: <see cref="Up"/> itself goes through the activation.</summary>
    public string? Gate { get; init; }

    public required string Up { get; init; }

    public required string Down { get; init; }

    public required string LastNorm { get; init; }

    public string Head { get; init; } = "lm_head";
}
