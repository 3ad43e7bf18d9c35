using System.Globalization;
using Decant.Models.Configuration;

namespace Decant.Models.FromTeacher;

/// <summary>Which units of a transformer the dimensions of its weights run along.</summary>
internal sealed class UnitMap
{
    private readonly TransformerParts _parts;
    private readonly Dictionary<string, UnitAxis[]> _others;

    /// <summary>The map of a model.</summary>
    /// <param name="config">Its settings.</param>
    /// <exception cref="DecantException">Its family has no such units.</exception>
    public UnitMap(ModelConfig config)
    {
        _parts = TransformerParts.Of(config);
        _others = HiddenDimensions(config);
    }

    /// <summary>How many units there are.</summary>
    public UnitSizes Sizes => _parts.Sizes;

    /// <summary>The path within a layer of the activations of its feed-forward part.</summary>
    public string Inner => _parts.Inner;

    /// <summary>What each dimension of a weight runs along, and the layer that the weight is in; null: in none.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="dimensions">How many it has.</param>
    public (UnitAxis[] Axes, int? Layer) Of(string name, int dimensions)
    {
        if (LayerOf(name) is not { } place)
            return (_others[name], null);
        var part = place.Part[..Math.Max(0, place.Part.LastIndexOf('.'))];
        if (!_parts.Linear.TryGetValue(part, out var linear))
            return (_others[name], place.Layer);
        UnitAxis[] axes = dimensions == 1 ? [linear.Output] : _parts.IsTransposed ? [linear.Input, linear.Output] : [linear.Output, linear.Input];
        return (axes, place.Layer);
    }

    /// <summary>The rows or columns that some units of a weight are.</summary>
    /// <param name="axis">The kind of units.</param>
    /// <param name="units">Which, in this order.</param>
    /// <param name="size">How many rows or columns the weight has: several times those of all units where matrices lie side by side.</param>
    public long[] Rows(UnitAxis axis, IReadOnlyList<int> units, long size)
    {
        var (width, all) = (Sizes.WidthOf(axis), Sizes.Of(axis) * Sizes.WidthOf(axis));
        return [.. Enumerable.Range(0, (int)(size / all)).SelectMany(block => units.SelectMany(unit => Enumerable.Range(0, width).Select(i => ((long)block * all) + ((long)unit * width) + i)))];
    }

    /// <summary>The unit that a row or column of a weight belongs to.</summary>
    public int UnitOf(UnitAxis axis, int row) => row / Sizes.WidthOf(axis) % Sizes.Of(axis);

    private (int Layer, string Part)? LayerOf(string name)
    {
        var start = $"{_parts.Layers}.";
        var at = name.StartsWith(start, StringComparison.Ordinal) ? 0 : name.IndexOf("." + start, StringComparison.Ordinal) is >= 0 and var inside ? inside + 1 : -1;
        if (at < 0)
            return null;
        var words = name[(at + start.Length)..].Split('.', 2);
        return words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? (layer, words[1]) : null;
    }

    // Norms, embeddings and heads: what becomes longer when the states become wider runs along them.
    private static Dictionary<string, UnitAxis[]> HiddenDimensions(ModelConfig config)
    {
        using var model = config.BuildShapes();
        using var wide = ConfigCut.Widened(config).BuildShapes();
        var others = wide.StateDict();
        return model.StateDict().ToDictionary(
            w => w.Key, w => w.Value.Shape.Zip(others[w.Key].Shape, (size, widened) => size == widened ? UnitAxis.None : UnitAxis.Hidden).ToArray(), StringComparer.Ordinal);
    }
}
