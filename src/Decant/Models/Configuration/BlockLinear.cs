namespace Decant.Models.Configuration;

/// <summary>A linear layer of a transformer's block.</summary>
/// <param name="Name">Its path in the block, as the family's weights have it: <c>attention.self.query</c>.</param>
/// <param name="IsAttention">Whether it is one of attention's; else of the feed-forward part.</param>
/// <param name="Inputs">The width that comes in.</param>
/// <param name="Outputs">The width of the output.</param>
internal readonly record struct BlockLinear(string Name, bool IsAttention, int Inputs, int Outputs)
{
    /// <summary>The highest rank that its matrix can have.</summary>
    public int MaxRank => Math.Min(Inputs, Outputs);

    /// <summary>The highest rank at which two factors have fewer numbers than the matrix; 0: none.</summary>
    public int MaxSavingRank => (int)(((long)Inputs * Outputs - 1) / ((long)Inputs + Outputs));

    /// <summary>Whether it is one of those.</summary>
    public bool IsIn(FactorizedLayers which) => which == FactorizedLayers.All || IsAttention == (which == FactorizedLayers.Attention);
}
