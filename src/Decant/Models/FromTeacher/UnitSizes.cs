namespace Decant.Models.FromTeacher;

/// <summary>How many units of each kind a transformer has.</summary>
/// <param name="Layers">L.</param>
/// <param name="Hidden">H.</param>
/// <param name="Heads">A, of queries, in each layer.</param>
/// <param name="KeyValueHeads">KV, of keys and values; A where all heads have their own.</param>
/// <param name="HeadWidth">The width of a head.</param>
/// <param name="Intermediate">I, of the feed-forward part of each layer.</param>
internal readonly record struct UnitSizes(int Layers, int Hidden, int Heads, int KeyValueHeads, int HeadWidth, int Intermediate)
{
    /// <summary>How many there are of a kind, in a layer where layers have their own.</summary>
    public int Of(UnitAxis axis) => axis switch
    {
        UnitAxis.Hidden => Hidden,
        UnitAxis.Heads => Heads,
        UnitAxis.KeyValueHeads => KeyValueHeads,
        UnitAxis.Intermediate => Intermediate,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "No units."),
    };

    /// <summary>How many rows or columns of a weight belong to one unit.</summary>
    public int WidthOf(UnitAxis axis) => axis is UnitAxis.Heads or UnitAxis.KeyValueHeads ? HeadWidth : 1;
}
