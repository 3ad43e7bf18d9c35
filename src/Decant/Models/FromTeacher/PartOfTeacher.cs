using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Models.Configuration;
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

    /// <summary>The width of the hidden states, H: as many columns of the teacher's, the same in all layers.</summary>
    [Description("hidden size; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Hidden { get; init; }

    /// <summary>The number of attention heads; their width stays. By importance, each layer keeps its own.</summary>
    [Description("number of attention heads; default: the teacher's")]
    [Range(1, 1 << 20)]
    public int? Heads { get; init; }

    /// <summary>Heads of keys and values, where they are fewer than the others.</summary>
    [Description("number of key and value heads, where there are fewer than attention heads")]
    [Range(1, 1 << 20)]
    public int? KeyValueHeads { get; init; }

    /// <summary>The width between the linear layers of a block. By importance, each layer keeps its own units.</summary>
    [Description("width of the feed-forward layer; default: the teacher's")]
    [Range(1, 1 << 24)]
    public int? Intermediate { get; init; }

    /// <summary>For convolutional networks the channels of each convolution, or of each residual stage, in order; null: the teacher's.</summary>
    [Description("channels of a convolutional network: a number for each convolution of a cnn, for each stage of a residual network; default: the teacher's")]
    [Range(1, 1 << 20)]
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>For residual networks the channels between the convolutions of a block, a number for each stage; null: the teacher's. By importance, each block keeps its own.</summary>
    [Description("channels between the convolutions of residual blocks, a number for each stage; default: the teacher's")]
    [Range(1, 1 << 20)]
    public IReadOnlyList<int>? InnerChannels { get; init; }

    /// <summary>Which heads, feed-forward units, hidden dimensions and channels are kept; default: the first.</summary>
    [Description("which heads, feed-forward units, hidden dimensions and channels are kept: the first, or the most important by their weights (magnitude), on samples (activation), or by weights and gradients (taylor)")]
    public UnitImportance Importance { get; init; } = UnitImportance.First;

    /// <summary>How many samples of the transfer set importances are measured on; null: <see cref="DefaultCalibration"/>, or all where there are fewer.</summary>
    [Description("number of samples of the transfer set that importances are measured on; default: 256")]
    [Range(1, 1 << 24)]
    public int? Calibration { get; init; }

    /// <summary>How many layers have weights of their own: neighbours share them, in that many groups as equal as can be (ALBERT), each of which begins with the weights of its first layer. For encoders and decoders; null: all have.</summary>
    [Description("number of layers with weights of their own: neighbouring layers share those of the first of their group; default: all")]
    [Range(1, 100_000)]
    public int? UniqueLayers { get; init; }

    /// <summary>For every layer of the student the number of its group, from 0 in the order in which they come, instead of <see cref="UniqueLayers"/>.</summary>
    [Description("for each layer its group, from 0: layers of one group share their weights, such as [0, 0, 1, 1]; instead of unique-layers")]
    [Range(0, 100_000)]
    public IReadOnlyList<int>? ShareLayers { get; init; }

    /// <summary>The rank of the matrices that <see cref="Factorize"/> names: each in two factors, from the truncated singular value decomposition of the teacher's, where that saves parameters. For encoders and decoders; null: they are whole.</summary>
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

    /// <summary>Samples that importances are measured on where nothing else is said.</summary>
    internal const int DefaultCalibration = 256;

    /// <summary>Whether layers are chosen by what they do.</summary>
    internal bool ChoosesLayers => LayerIndices is null && Layers is not null && Choose is LayerChoice.Importance or LayerChoice.LossIncrease;

    /// <summary>Whether channels are cut.</summary>
    internal bool CutsChannels => Channels is not null || InnerChannels is not null;

    /// <summary>Whether heads, feed-forward units, hidden dimensions or channels are chosen by importance.</summary>
    internal bool ChoosesUnits => Importance != UnitImportance.First;

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
    /// <param name="scores">How important its layers are, for <see cref="LayerChoice.Importance"/> and <see cref="LayerChoice.LossIncrease"/>.</param>
    /// <exception cref="DecantException">It has fewer, or no layers to choose from.</exception>
    internal IReadOnlyList<int>? LayersOf(Model teacher, UnitScores? scores = null)
    {
        if (LayerIndices is not null || Layers is not { } count)
            return LayerIndices;
        var all = StudentFromTeacher.LayersOf(teacher);
        return Choose is LayerChoice.Importance or LayerChoice.LossIncrease && count <= all && scores?.Layers is { } layers
            ? UnitScores.Highest(layers, count, all, "layers")
            : StudentFromTeacher.Choose(Choose, count, all);
    }
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

    /// <summary>Those that change the states most on calibration samples: 1 − the cosine of what goes in and what comes out (block influence, Men 2024).</summary>
    Importance,

    /// <summary>Those without which the answers change most on calibration samples, each left out alone: the divergence from the whole teacher's, or the squared difference of numbers and vectors.</summary>
    LossIncrease,
}
