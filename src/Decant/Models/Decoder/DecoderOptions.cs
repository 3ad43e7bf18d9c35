using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.Decoder;

/// <summary>The options that all decoders have.</summary>
public abstract record DecoderOptions : ModelOptions
{
    /// <summary>How many layers; 4.</summary>
    [Description("Number of layers.")]
    [Range(1, 256)]
    public int Layers { get; init; } = 4;

    /// <summary>How many layers have weights of their own: neighbours share them, in that many groups as equal as can be (ALBERT); null: all have.</summary>
    [Description("Number of layers with weights of their own: neighbouring layers share them, in groups of equal size; default: all.")]
    [Range(1, 256)]
    public int? UniqueLayers { get; init; }

    /// <summary>For every layer the number of its group, from 0 in the order in which they come, instead of <see cref="UniqueLayers"/>: layers of one group have the same weights.</summary>
    [Description("For each layer its group, from 0: layers of one group share their weights, such as [0, 0, 1, 1]; instead of unique-layers.")]
    [Range(0, 255)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>The rank of the matrices that <see cref="Factorize"/> names, each in two factors where that saves parameters; null: they are whole.</summary>
    [Description("Rank of the linear layers, each made of two where that saves parameters; default: whole matrices.")]
    [Range(1, 16384)]
    public int? Rank { get; init; }

    /// <summary>Which linear layers <see cref="Rank"/> is for; all.</summary>
    [Description("Linear layers that rank is for: attention, feed-forward or all.")]
    public FactorizedLayers Factorize { get; init; }

    /// <summary>The width of a token's state; 128.</summary>
    [Description("Hidden size; a multiple of heads.")]
    [Range(1, 32768)]
    public int Hidden { get; init; } = 128;

    /// <summary>How many heads of attention; 4.</summary>
    [Description("Number of attention heads.")]
    [Range(1, 256)]
    public int Heads { get; init; } = 4;

    /// <summary>The width of the feed-forward part; null: the family's proportion to <see cref="Hidden"/>.</summary>
    [Description("Width of the feed-forward layer; default: four times hidden; with a gate 8/3 times, rounded up to a multiple of 32.")]
    [Range(1, 131072)]
    public int? Intermediate { get; init; }

    /// <summary>The longest text; null: as many as a text may have tokens, 512 where that is not known.</summary>
    [Description("Maximum sequence length, in tokens; default: input.max-tokens.")]
    [Range(1, 10_000_000)]
    public int? MaxPositions { get; init; }

    /// <summary>The probability of dropout, in training; 0.</summary>
    [Description("Dropout probability.")]
    [Range(0.0, 0.95)]
    public double Dropout { get; init; }

    /// <summary>Use the embedding as the head's matrix too (Press 2017); true.</summary>
    [Description("Tie the output weights to the token embedding.")]
    public bool Tied { get; init; } = true;

    /// <summary>The standard deviation of the weight initialization; 0.02.</summary>
    [Description("Standard deviation of the weight initialization.")]
    [Range(0.0001, 1.0)]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>The longest text, which must hold what the input gives.</summary>
    /// <exception cref="DecantException">It does not.</exception>
    internal int Positions(ModelContext context)
    {
        var positions = MaxPositions ?? (context.MaxTokens > 0 ? context.MaxTokens : 512);
        return positions >= context.MaxTokens
            ? positions
            : throw new DecantException(
                $"The decoder's max-positions is {positions}, but texts have up to {context.MaxTokens} tokens. Raise max-positions or lower max-tokens.");
    }
}

/// <summary>The options of decoders with rotary positions and grouped heads.</summary>
public abstract record RotaryDecoderOptions : DecoderOptions
{
    /// <summary>How many heads keys and values have, a divisor of <see cref="DecoderOptions.Heads"/>; null: as many.</summary>
    [Description("Number of key and value heads, a divisor of heads; default: heads.")]
    [Range(1, 256)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The width of a head, even; null: hidden ÷ heads.</summary>
    [Description("Dimension of a head, an even number; default: hidden ÷ heads.")]
    [Range(2, 1024)]
    public int? HeadWidth { get; init; }

    /// <summary>The base of the rotations' speeds; 10,000.</summary>
    [Description("Base of the rotary position embedding (RoPE theta); larger for longer contexts.")]
    [Range(1.0, 1e9)]
    public double RopeBase { get; init; } = 10_000;
}
