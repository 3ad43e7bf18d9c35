using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;

namespace Decant.Models.Encoders;

/// <summary>How the states of all tokens become one vector.</summary>
public enum EncoderPooling
{
    /// <summary>The first token's state; through a linear layer and tanh, BERT's pooler, where BERT classifies.</summary>
    First,

    /// <summary>The mean over the tokens; learns faster from scratch.</summary>
    Mean,

    /// <summary>The largest of the tokens, number by number; for embeddings.</summary>
    Max,

    /// <summary>The last token's state; for embeddings.</summary>
    Last,
}

/// <summary>What the options of transformer encoders have in common.</summary>
public abstract record EncoderOptions : ModelOptions
{
    /// <summary>How many layers; 2.</summary>
    [Description("Number of layers.")]
    [Range(1, 128)]
    public int Layers { get; init; } = 2;

    /// <summary>How many layers have weights of their own: neighbours share them, in that many groups as equal as can be (ALBERT); null: all have.</summary>
    [Description("Number of layers with weights of their own: neighbouring layers share them, in groups of equal size; default: all.")]
    [Range(1, 128)]
    public int? UniqueLayers { get; init; }

    /// <summary>For every layer the number of its group, from 0 in the order in which they come, instead of <see cref="UniqueLayers"/>: layers of one group have the same weights.</summary>
    [Description("For each layer its group, from 0: layers of one group share their weights, such as [0, 0, 1, 1]; instead of unique-layers.")]
    [Range(0, 127)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>E, the width of a token's vector in the table, which a matrix makes as wide as the states; null: <see cref="Hidden"/>, without that matrix.</summary>
    [Description("Width of the token embeddings, projected to hidden: the table has vocabulary × embedding numbers; default: hidden.")]
    [Range(1, 16384)]
    public int? Embedding { get; init; }

    /// <summary>The rank of the matrices that <see cref="Factorize"/> names, each in two factors where that saves parameters; null: they are whole.</summary>
    [Description("Rank of the linear layers, each made of two where that saves parameters; default: whole matrices.")]
    [Range(1, 16384)]
    public int? Rank { get; init; }

    /// <summary>Which linear layers <see cref="Rank"/> is for; all.</summary>
    [Description("Linear layers that rank is for: attention, feed-forward or all.")]
    public FactorizedLayers Factorize { get; init; }

    /// <summary>The width of a token's state, a multiple of <see cref="Heads"/>; 128.</summary>
    [Description("Hidden size; a multiple of heads.")]
    [Range(1, 16384)]
    public int Hidden { get; init; } = 128;

    /// <summary>How many heads of attention; 2.</summary>
    [Description("Number of attention heads.")]
    [Range(1, 256)]
    public int Heads { get; init; } = 2;

    /// <summary>The width between the two linear layers of a block; null: four times <see cref="Hidden"/>.</summary>
    [Description("Width of the feed-forward layer; default: four times hidden.")]
    [Range(1, 65536)]
    public int? Intermediate { get; init; }

    /// <summary>How many positions have an embedding; null: as many as a text may have tokens, 512 where that is not known.</summary>
    [Description("Maximum sequence length, in tokens; default: input.max-tokens.")]
    [Range(1, 1_000_000)]
    public int? MaxPositions { get; init; }

    /// <summary>The probability of dropout, in training, also of attention's weights; null: 0 for a model that learns from a teacher, 0.1 for others.</summary>
    [Description("Dropout probability; default: 0.1, and 0 for a model that learns from a teacher.")]
    [Range(0.0, 0.95)]
    public double? Dropout { get; init; }

    /// <summary>How the states become one vector; null: first, and mean for embeddings.</summary>
    [Description("Pooling of the hidden states: first token (with BERT's pooler for classification) or mean, and for embeddings also max or last token; default: first, and mean for embeddings.")]
    public EncoderPooling? Pooling { get; init; }

    /// <summary>Divide embeddings by their length; false.</summary>
    [Description("L2-normalize the embeddings.")]
    public bool Normalize { get; init; }

    /// <summary>The standard deviation of the weight initialization; 0.02 as BERT.</summary>
    [Description("Standard deviation of the weight initialization.")]
    [Range(0.0001, 1.0)]
    public double InitializerRange { get; init; } = 0.02;
}
