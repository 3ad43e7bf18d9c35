using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Encoders;
using Decant.Modules;

namespace Decant.Models.FromTeacher;

/// <summary>Which part of a teacher a student begins as; what is null stays as it is.</summary>
public sealed record PartOfTeacher
{
    /// <summary>How many layers, which <see cref="Choose"/> chooses; null: all.</summary>
    [Description("number of layers")]
    [Range(1, 100_000)]
    public int? Layers { get; init; }

    /// <summary>Which layers of the teacher they are; default: evenly spread.</summary>
    [Description("which layers of the teacher are taken")]
    public LayerChoice Choose { get; init; } = LayerChoice.Uniform;

    /// <summary>The layers by number, from 0 at the bottom, in the student's order, instead of <see cref="Layers"/> and <see cref="Choose"/>.</summary>
    [Description("indices of the teacher's layers, from 0; instead of layers and choose")]
    [Range(0, 100_000)]
    public IReadOnlyList<int>? LayerIndices { get; init; }

    /// <summary>The width of the hidden states, H: the first H columns of the teacher's.</summary>
    [Description("hidden size: the first dimensions of the teacher's; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Hidden { get; init; }

    /// <summary>The number of attention heads: the first ones of the teacher's; their width stays.</summary>
    [Description("number of attention heads: the first of the teacher's; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Heads { get; init; }

    /// <summary>Heads of keys and values, where they are fewer than the others.</summary>
    [Description("number of key and value heads, where there are fewer than attention heads")]
    [Range(1, 1 << 20)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The width between the linear layers of a block.</summary>
    [Description("width of the feed-forward layer; default: the teacher's")]
    [Range(1, 1 << 24)]
    public int? Intermediate { get; init; }

    /// <summary>How many layers have weights of their own: neighbours share them, in that many groups as equal as can be (ALBERT), each of which begins with the weights of its first layer. For encoders and decoders; null: all have.</summary>
    [Description("number of layers with weights of their own: neighbouring layers share those of the first of their group; default: all")]
    [Range(1, 100_000)]
    public int? UniqueLayers { get; init; }

    /// <summary>For every layer of the student the number of its group, from 0 in the order in which they come, instead of <see cref="UniqueLayers"/>.</summary>
    [Description("for each layer its group, from 0: layers of one group share their weights, such as [0, 0, 1, 1]; instead of unique-layers")]
    [Range(0, 100_000)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>The rank of the matrices that <see cref="Factorize"/> names: each in two factors, from the truncated singular value decomposition of the teacher's, where that saves parameters. For encoders; null: they are whole.</summary>
    [Description("rank of the linear layers, each made of two by the truncated SVD of the teacher's, where that saves parameters")]
    [Range(1, 1 << 20)]
    public int? Rank { get; init; }

    /// <summary>The share of the squared singular values Σσ² that each of those matrices keeps, instead of <see cref="Rank"/>: its rank is the smallest that has it.</summary>
    [Description("share of the squared singular values that each of these matrices keeps, which chooses its rank; instead of rank")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? Energy { get; init; }

    /// <summary>Which linear layers <see cref="Rank"/> and <see cref="Energy"/> are for; all.</summary>
    [Description("linear layers that rank or energy is for: attention, feed-forward or all")]
    public FactorizedLayers Factorize { get; init; }

    /// <summary>E, the width of the token embeddings: a table [V, E] and a matrix [H, E] from the truncated singular value decomposition of the teacher's table. For encoders; null: the hidden size.</summary>
    [Description("width of the token embeddings, projected to the hidden size, by the truncated SVD of the teacher's table; default: the hidden size")]
    [Range(1, 1 << 20)]
    public int? Embedding { get; init; }

    /// <summary>A table of the teacher's vectors of single tokens, instead of layers and widths; null: none.</summary>
    [Description("a static student instead: a table with the teacher's vector of every token, whose mean is the text's (Model2Vec)")]
    public StaticOfTeacher? Static { get; init; }

    /// <summary>The keys that are given and ask for shared layers or factors, for messages; empty: none is.</summary>
    internal string CompactKeys => string.Join(", ", new[]
    {
        UniqueLayers is null ? "" : "unique-layers",
        ShareLayers is null ? "" : "share-layers",
        Rank is null ? "" : "rank",
        Energy is null ? "" : "energy",
        Embedding is null ? "" : "embedding",
        Factorize == FactorizedLayers.All ? "" : "factorize",
    }.Where(key => key.Length > 0));

    /// <summary>The layers that are taken, by number; null: all.</summary>
    /// <param name="teacher">The model that they are taken from.</param>
    /// <exception cref="DecantException">It has fewer, or no layers to choose from.</exception>
    internal IReadOnlyList<int>? LayersOf(Model teacher) =>
        LayerIndices ?? (Layers is { } count ? StudentFromTeacher.Choose(Choose, count, StudentFromTeacher.LayersOf(teacher)) : null);
}

/// <summary>Which of the teacher's layers a student takes.</summary>
public enum LayerChoice
{
    /// <summary>Evenly spread from the first to the last.</summary>
    Uniform,

    /// <summary>The lowest.</summary>
    First,

    /// <summary>The highest.</summary>
    Last,

    /// <summary>Half of them from below, half from above.</summary>
    FirstAndLast,
}
