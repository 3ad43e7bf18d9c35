using System.Globalization;
using Decant.Models.Configuration;

namespace Decant.Models.Encoders;

/// <summary>The ranks of an encoder's linear layers in two factors, by layer and path in it (<c>0.attention.self.query</c>).</summary>
internal static class LinearRanks
{
    /// <summary>A layer's key.</summary>
    public static string Key(int layer, EncoderLinear linear) => layer.ToString(CultureInfo.InvariantCulture) + "." + linear.Name;

    /// <summary>One rank for the chosen linear layers of every layer with weights of its own, where that has fewer numbers than the matrix.</summary>
    /// <param name="shape">The encoder.</param>
    /// <param name="names">How its family calls the parts.</param>
    /// <param name="which">Which of them.</param>
    /// <param name="rank">r.</param>
    /// <param name="where">The key of the recipe that says the rank, for messages.</param>
    /// <exception cref="DecantException">The rank is none of these matrices, or saves nothing in any of them.</exception>
    public static IReadOnlyDictionary<string, int> Everywhere(EncoderShape shape, EncoderNames names, FactorizedLayers which, int rank, string where)
    {
        EncoderLinear[] chosen = [.. EncoderLinear.Of(shape, names).Where(linear => linear.IsIn(which))];
        var (most, saving) = (chosen.Min(l => l.MaxRank), chosen.Max(l => l.MaxSavingRank));
        if (rank < 1 || rank > most)
            throw new DecantException($"{where} is {rank}, and the matrices have ranks up to {most}: expected 1 to {saving}, from where on two factors save nothing.");
        if (rank > saving)
            throw new DecantException($"{where} is {rank}, at which two factors have no fewer numbers than any of the matrices that they replace: expected 1 to {saving}. Lower it, or leave it out.");
        return OwnLayers(shape)
            .SelectMany(layer => chosen.Where(linear => rank <= linear.MaxSavingRank).Select(linear => Key(layer, linear)))
            .ToDictionary(key => key, _ => rank, StringComparer.Ordinal);
    }

    /// <summary>The layers that have weights of their own: the first of every group.</summary>
    public static IEnumerable<int> OwnLayers(EncoderShape shape) => Enumerable.Range(0, shape.Layers).Where(layer => LayerGroups.FirstOf(shape.Groups, layer) == layer);

    /// <summary>The ranks of one layer, by path in it.</summary>
    public static IReadOnlyDictionary<string, int> OfLayer(EncoderShape shape, EncoderNames names, int layer) => shape.Ranks is not { } ranks
        ? new Dictionary<string, int>()
        : EncoderLinear.Of(shape, names).Where(linear => ranks.ContainsKey(Key(layer, linear))).ToDictionary(linear => linear.Name, linear => ranks[Key(layer, linear)], StringComparer.Ordinal);

    /// <summary>Notes ranks of layers that are not there or have another layer's weights, and ranks that no matrix of theirs has.</summary>
    public static void Check(EncoderShape shape, EncoderNames names, ConfigFaults faults)
    {
        var linears = EncoderLinear.Of(shape, names).ToDictionary(linear => linear.Name, StringComparer.Ordinal);
        foreach (var (key, rank) in shape.Ranks ?? new Dictionary<string, int>())
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            var isLayer = int.TryParse(dot < 0 ? key : key[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < shape.Layers;
            if (!isLayer || !linears.TryGetValue(key[(dot + 1)..], out var linear))
                faults.Unless(false, $"linear_ranks names '{key}', which is no linear layer; expected a layer from 0 to {shape.Layers - 1} and one of {string.Join(", ", linears.Keys)}, such as '0.{linears.Keys.First()}'");
            else if (LayerGroups.FirstOf(shape.Groups, layer) is var first && first != layer)
                faults.Unless(false, $"linear_ranks names '{key}', but layer {layer} has the weights of layer {first} (share_layers), and layers of other shapes cannot share; name layer {first} alone");
            else
                faults.Unless(rank >= 1 && rank <= linear.MaxRank, $"linear_ranks says {rank} for '{key}', whose matrix [{linear.Outputs}, {linear.Inputs}] has ranks from 1 to {linear.MaxRank}");
        }
    }
}
