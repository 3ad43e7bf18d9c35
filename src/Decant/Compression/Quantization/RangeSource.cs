namespace Decant.Compression.Quantization;

/// <summary>Where the ranges of activations come from while a student learns for static int8.</summary>
public enum RangeSource
{
    /// <summary>Found from samples before the first update, and again whenever the updates have doubled, from 1/64 of all to 1/2; from then on they stay.</summary>
    Observed,

    /// <summary>Learned with the weights, from what samples give before the first update and again whenever the updates have doubled, from 1/64 of all to 1/4.</summary>
    Learned,
}
