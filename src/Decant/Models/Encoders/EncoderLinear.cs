namespace Decant.Models.Encoders;

/// <summary>A linear layer of an encoder's block.</summary>
/// <param name="Name">Its path in the block, as the family's weights have it: <c>attention.self.query</c>.</param>
/// <param name="IsAttention">Whether it is one of attention's; else of the feed-forward part.</param>
/// <param name="Inputs">The width that comes in.</param>
/// <param name="Outputs">The width of the output.</param>
internal readonly record struct EncoderLinear(string Name, bool IsAttention, int Inputs, int Outputs)
{
    /// <summary>The highest rank that its matrix can have.</summary>
    public int MaxRank => Math.Min(Inputs, Outputs);

    /// <summary>The highest rank at which two factors have fewer numbers than the matrix; 0: none.</summary>
    public int MaxSavingRank => (int)(((long)Inputs * Outputs - 1) / ((long)Inputs + Outputs));

    /// <summary>All of a block, in the order of their weights.</summary>
    public static IReadOnlyList<EncoderLinear> Of(EncoderShape shape, EncoderNames names) =>
    [
        new($"{names.Attention}.{names.Query}", true, shape.Width, shape.Width),
        new($"{names.Attention}.{names.Key}", true, shape.Width, shape.Width),
        new($"{names.Attention}.{names.Value}", true, shape.Width, shape.Width),
        new(names.InnerOutput is { } output ? $"{names.Attention}.{output}" : names.AttentionOutput, true, shape.Width, shape.Width),
        new(names.Up, false, shape.Width, shape.Intermediate),
        new(names.Down, false, shape.Intermediate, shape.Width),
    ];

    /// <summary>Whether it is one of those.</summary>
    public bool IsIn(FactorizedLayers which) => which == FactorizedLayers.All || IsAttention == (which == FactorizedLayers.Attention);
}
