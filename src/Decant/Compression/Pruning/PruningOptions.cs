using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Compression.Pruning;

/// <summary>Magnitude pruning while a student is trained: the smallest weights become 0, more and more of them, and stay 0 (Zhu and Gupta 2017).</summary>
/// <remarks>
/// At progress p, from 0 at <see cref="Begin"/> to 1 at <see cref="End"/>, the fraction of zeros is s·(1 − (1 − p)³). Matrices and filters of linear, convolutional and LSTM layers
/// are pruned; embeddings, norms, biases and frozen weights are not.
/// </remarks>
public sealed record PruningOptions
{
    /// <summary>s, the fraction of the pruned weights that is 0 in the end.</summary>
    [Description("fraction of the weights of linear, convolutional and LSTM layers that is 0 in the end; embeddings, norms and biases stay")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public required double Sparsity { get; init; }

    /// <summary>Where zeros may lie; default: anywhere.</summary>
    [Description("where zeros may lie: anywhere, or 2 of every 4 weights next to each other along the inputs (sparsity: 0.5)")]
    public SparsityPattern Pattern { get; init; } = SparsityPattern.Unstructured;

    /// <summary>Among which weights the smallest are found; default: those of each weight matrix.</summary>
    [Description("compare the weights of each layer among themselves (every layer as sparse), or of all layers (global)")]
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>Progress of the training, from 0 to 1, at which pruning begins; default: 0.</summary>
    [Description("progress of the training at which pruning begins: 0 is the start, 1 the end")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Begin { get; init; }

    /// <summary>Progress of the training at which the sparsity is reached; default: 0.7.</summary>
    [Description("progress of the training at which the sparsity is reached; the best weights are chosen from then on")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double End { get; init; } = 0.7;

    /// <summary>The first thing that does not go together, with the key it is about; null: all does.</summary>
    internal (string Key, string Fault)? Fault() => this switch
    {
        { Sparsity: not (> 0 and < 1) } => ("sparsity", $"a sparsity is above 0 and below 1; {Sparsity} came"),
        { Begin: not (>= 0 and < 1) } or { End: not (> 0 and <= 1) } => ("begin", $"begin and end are progress from 0 to 1; {Begin} and {End} came"),
        _ when Begin >= End => ("end", $"pruning begins at {Begin} of the training and is to be finished at {End}; let end come after begin"),
        { Pattern: SparsityPattern.TwoOfFour, Sparsity: not 0.5 } => ("sparsity", $"two of every four weights are half of them, and the sparsity is {Sparsity}; say sparsity: 0.5, or pattern: unstructured"),
        { Pattern: SparsityPattern.TwoOfFour, Scope: PruningScope.Global } => ("scope", "the pattern 2:4 compares four weights among themselves, never all of them; leave scope out, or say pattern: unstructured"),
        _ => null,
    };
}
