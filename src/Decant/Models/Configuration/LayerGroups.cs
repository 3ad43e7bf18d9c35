using System.Globalization;
using Decant.Modules;

namespace Decant.Models.Configuration;

/// <summary>Which layers of a model share their weights (ALBERT; Lan 2020, section 3.1): for every layer the number of its group.</summary>
internal static class LayerGroups
{
    private const string CompactSuffix = "-compact";

    /// <summary>The <c>model_type</c> of a model: another than the family's where it shares weights or has them in factors, so that no program takes it for a published one.</summary>
    /// <param name="plain">The family's: <c>bert</c>.</param>
    /// <param name="isCompact">Whether something is shared or in factors.</param>
    public static string TypeOf(string plain, bool isCompact) => isCompact ? plain + CompactSuffix : plain;

    /// <summary>How many layers have weights, as it stands behind the sizes; empty where all have.</summary>
    public static string Words(IReadOnlyList<int>? groups) => groups?.Distinct().Count() switch
    {
        null => "",
        1 => ", weights of 1 layer",
        var count => string.Create(CultureInfo.InvariantCulture, $", weights of {count} layers"),
    };

    /// <summary>The layers: of every group the first is made, and the others are modules of their own around its tensors, so that each records its own activations, and their gradients add up.</summary>
    /// <param name="groups">The group of every layer; null: each has its own.</param>
    /// <param name="layers">L.</param>
    /// <param name="make">Makes the layer of a number.</param>
    public static IEnumerable<T> Make<T>(IReadOnlyList<int>? groups, int layers, Func<int, T> make) where T : Module
    {
        var made = new List<T>();
        for (var layer = 0; layer < layers; layer++)
            made.Add(FirstOf(groups, layer) is var first && first < layer ? ModuleCopy.WithSameWeights(made[first]) : make(layer));
        return made;
    }

    /// <summary>The groups that are asked for.</summary>
    /// <param name="unique">How many groups of neighbours there are, their sizes as equal as can be; null: not said.</param>
    /// <param name="share">The group of every layer; null: not said.</param>
    /// <param name="layers">L.</param>
    /// <param name="where">Where the keys stand in a recipe, for messages: <c>student.from-teacher</c>.</param>
    /// <returns>The group of every layer; null where each has its own.</returns>
    /// <exception cref="DecantException">Both are said, or they are no groups of these layers.</exception>
    public static IReadOnlyList<int>? Of(int? unique, IReadOnlyList<int>? share, int layers, string where)
    {
        if (unique is not null && share is not null)
            throw new DecantException($"{where}: both 'unique-layers' and 'share-layers' say which layers share weights; keep one.");
        if (unique is { } count && (count < 1 || count > layers))
            throw new DecantException($"{where}: unique-layers is {count}, and there are {layers} layers: expected 1 to {layers}.");
        if (share is not null && Fault(share, layers) is { } fault)
            throw new DecantException($"{where}: share-layers {fault}.");
        var groups = share ?? (unique is { } groupCount ? [.. Enumerable.Range(0, layers).Select(layer => (int)((long)layer * groupCount / layers))] : null);
        return groups is null || groups.Distinct().Count() == layers ? null : groups;
    }

    /// <summary>What is wrong with the groups, as a sentence goes on behind their key; null: nothing.</summary>
    public static string? Fault(IReadOnlyList<int> groups, int layers)
    {
        if (groups.Count != layers)
            return $"has {groups.Count} numbers, and there are {layers} layers: one for each is expected, such as [{string.Join(", ", Enumerable.Range(0, Math.Clamp(layers, 0, 12)).Select(l => l / 2))}]";
        var next = 0;
        for (var layer = 0; layer < layers; layer++)
        {
            if (groups[layer] < 0 || groups[layer] > next)
                return $"puts layer {layer} into group {groups[layer]}; groups are numbered from 0 in the order in which they come, so {(next == 0 ? "0" : $"0 to {next}")} is expected there";
            next = Math.Max(next, groups[layer] + 1);
        }

        return null;
    }

    /// <summary>The first layer of a layer's group, whose weights it has.</summary>
    public static int FirstOf(IReadOnlyList<int>? groups, int layer)
    {
        for (var first = 0; groups is not null && first < layer && first < groups.Count; first++)
        {
            if (layer < groups.Count && groups[first] == groups[layer])
                return first;
        }

        return layer;
    }
}
