using System.Globalization;

namespace Decant.Models.Configuration;

/// <summary>The ranks of a transformer's linear layers in two factors, by layer and path in it (<c>0.attention.self.query</c>).</summary>
internal static class LinearRanks
{
    /// <summary>A layer's key.</summary>
    public static string Key(int layer, BlockLinear linear) => layer.ToString(CultureInfo.InvariantCulture) + "." + linear.Name;

    /// <summary>One rank for the chosen linear layers of every layer with weights of its own, where that has fewer numbers than the matrix.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="rank">r.</param>
    /// <param name="where">The key of the recipe that says the rank, for messages.</param>
    /// <exception cref="DecantException">The rank is none of these matrices, or saves nothing in any of them.</exception>
    public static IReadOnlyDictionary<string, int> Everywhere(LinearBlocks blocks, FactorizedLayers which, int rank, string where)
    {
        BlockLinear[] chosen = [.. blocks.Linears.Where(linear => linear.IsIn(which))];
        var (most, saving) = (chosen.Min(l => l.MaxRank), chosen.Max(l => l.MaxSavingRank));
        if (rank < 1 || rank > most)
            throw new DecantException($"{where} is {rank}, and the matrices have ranks up to {most}: expected 1 to {saving}, from where on two factors save nothing.");
        if (rank > saving)
            throw new DecantException($"{where} is {rank}, at which two factors have no fewer numbers than any of the matrices that they replace: expected 1 to {saving}. Lower it, or leave it out.");
        return blocks.OwnLayers
            .SelectMany(layer => chosen.Where(linear => rank <= linear.MaxSavingRank).Select(linear => Key(layer, linear)))
            .ToDictionary(key => key, _ => rank, StringComparer.Ordinal);
    }

    /// <summary>Notes ranks of layers that are not there or have another layer's weights, and ranks that no matrix of theirs has.</summary>
    public static void Check(LinearBlocks blocks, ConfigFaults faults)
    {
        var linears = blocks.Linears.ToDictionary(linear => linear.Name, StringComparer.Ordinal);
        foreach (var (key, rank) in blocks.Ranks ?? new Dictionary<string, int>())
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            var isLayer = int.TryParse(dot < 0 ? key : key[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < blocks.Layers;
            if (!isLayer || !linears.TryGetValue(key[(dot + 1)..], out var linear))
                faults.Unless(false, $"linear_ranks names '{key}', which is no linear layer; expected a layer from 0 to {blocks.Layers - 1} and one of {string.Join(", ", linears.Keys)}, such as '0.{linears.Keys.First()}'");
            else if (LayerGroups.FirstOf(blocks.Groups, layer) is var first && first != layer)
                faults.Unless(false, $"linear_ranks names '{key}', but layer {layer} has the weights of layer {first} (share_layers), and layers of other shapes cannot share; name layer {first} alone");
            else
                faults.Unless(rank >= 1 && rank <= linear.MaxRank, $"linear_ranks says {rank} for '{key}', whose matrix [{linear.Outputs}, {linear.Inputs}] has ranks from 1 to {linear.MaxRank}");
        }
    }

    /// <summary>As it stands behind the sizes: <c>, ranks 40 to 96</c>; empty where there are none.</summary>
    public static string Words(IReadOnlyDictionary<string, int>? ranks) => ranks is not { Count: > 0 } ? ""
        : (ranks.Values.Min(), ranks.Values.Max()) is var (least, most) && least == most ? $", rank {least}" : $", ranks {least} to {most}";
}
