namespace Decant.Compression.Pruning;

/// <summary>Among which weights the smallest are found.</summary>
public enum PruningScope
{
    /// <summary>Among those of one weight matrix: every one becomes as sparse.</summary>
    Layer,

    /// <summary>Among those of all.</summary>
    Global,
}
