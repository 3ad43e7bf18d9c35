using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Decoder;

/// <summary>What a decoder is built of, in one form for all families: pre-norm layers of attention and a feed-forward part between embedding and head.</summary>
internal sealed record DecoderPlan
{
    public required string Kind { get; init; }

    public required DecoderNames Names { get; init; }

    public required int Vocabulary { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    /// <summary>The group of every layer, whose weights it shares; null: every layer has its own.</summary>
    public IReadOnlyList<int>? Groups { get; init; }

    public required int Intermediate { get; init; }

    public required ActivationKind Activation { get; init; }

    public required bool MlpBias { get; init; }

    /// <summary>With RMS norms; else layer norms.</summary>
    public required bool RmsNorms { get; init; }

    public required double NormEpsilon { get; init; }

    /// <summary>The longest text.</summary>
    public required long MaxTokens { get; init; }

    /// <summary>Positions as rotations; null: as vectors that are added, one for each of <see cref="MaxTokens"/>.</summary>
    public RotaryFrequencies? Rotary { get; init; }

    /// <summary>The attention of a layer.</summary>
    public required Func<int, AttentionOptions> Attention { get; init; }

    /// <summary>How many positions a token of a layer sees; null: all.</summary>
    public Func<int, long?> Window { get; init; } = _ => null;

    public required bool Tied { get; init; }

    public double EmbeddingDropout { get; init; }

    public double ResidualDropout { get; init; }

    public required double InitializerRange { get; init; }

    /// <summary>Whether the last linear layers of each part are drawn √(2·layers) times smaller, so that sums over layers stay as large (Radford 2019).</summary>
    public bool ScalesResiduals { get; init; }

    public Module Norm() => RmsNorms ? new RmsNorm(Width, NormEpsilon) : new LayerNorm(Width, NormEpsilon);

    /// <summary>A linear layer as the family stores it.</summary>
    public Module Linear(long inputs, long outputs, Generator? generator) => Names.InAttention.Joint is null
        ? new Linear(inputs, outputs, MlpBias, generator)
        : new TransposedLinear(inputs, outputs, MlpBias, generator: generator);
}
