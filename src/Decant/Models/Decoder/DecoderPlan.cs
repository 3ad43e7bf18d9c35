using Decant.Models.Configuration;
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

    /// <summary>The linear layers of the blocks, and which are in two factors.</summary>
    public required LinearBlocks Blocks { get; init; }

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

    /// <summary>A linear layer of the feed-forward part, as the family stores it or in two factors.</summary>
    /// <param name="inputs">The width that comes in.</param>
    /// <param name="outputs">The width of the output.</param>
    /// <param name="rank">Of the factors; null: it is whole.</param>
    /// <param name="generator">Where the weights are drawn from; null is libtorch's own.</param>
    public Module Linear(long inputs, long outputs, int? rank, Generator? generator) => Names.InAttention.Joint is null || rank is not null
        ? LowRankLinear.Make(inputs, outputs, rank, MlpBias, generator)
        : new TransposedLinear(inputs, outputs, MlpBias, generator: generator);
}
