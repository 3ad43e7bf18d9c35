namespace Decant.Models.Configuration;

/// <summary>The blocks of a transformer, all of one shape, and which of their linear layers are in two factors.</summary>
/// <param name="Layers">L, the number of blocks.</param>
/// <param name="Groups">The group of every layer, whose weights it shares; null: every layer has its own.</param>
/// <param name="Linears">The linear layers of a block, in the order of their weights.</param>
/// <param name="Ranks">The ranks of those in two factors, by layer and path in it; null: all are whole.</param>
internal sealed record LinearBlocks(int Layers, IReadOnlyList<int>? Groups, IReadOnlyList<BlockLinear> Linears, IReadOnlyDictionary<string, int>? Ranks)
{
    /// <summary>The layers that have weights of their own: the first of every group.</summary>
    public IEnumerable<int> OwnLayers => Enumerable.Range(0, Layers).Where(layer => LayerGroups.FirstOf(Groups, layer) == layer);

    /// <summary>The ranks of one layer, by path in it.</summary>
    public IReadOnlyDictionary<string, int> RanksOf(int layer) => Ranks is not { } ranks
        ? new Dictionary<string, int>()
        : Linears.Where(linear => ranks.ContainsKey(LinearRanks.Key(layer, linear))).ToDictionary(linear => linear.Name, linear => ranks[LinearRanks.Key(layer, linear)], StringComparer.Ordinal);
}
