using System.Globalization;
using Decant.Signals;

namespace Decant.Objectives.Features;

/// <summary>The layers of one model by number: what they answer with, or their attention.</summary>
internal sealed class LayerSide
{
    private readonly FeatureMap _map;
    private readonly bool _attention;

    /// <param name="map">The model's inner values.</param>
    /// <param name="attention">Whether a layer's attention is meant, not its output.</param>
    public LayerSide(FeatureMap map, bool attention) => (_map, _attention) = (map, attention);

    /// <summary>How many layers there are.</summary>
    public int Count => Paths.Count;

    private IReadOnlyList<string> Paths => _attention ? _map.Layers.Attentions : _map.Layers.Outputs;

    /// <summary>The number that a name is; null for a path.</summary>
    public static int? Number(string name) => int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The path of a layer by number, or the path itself.</summary>
    public string Path(string name) => Number(name) is { } number ? Path(number) : name;

    /// <summary>The path of a layer.</summary>
    /// <exception cref="DecantException">There is no such layer.</exception>
    public string Path(int layer)
    {
        Check();
        if (layer == 0 && !_attention && _map.Layers.Embeddings is { } embeddings)
            return embeddings;
        return layer >= 1 && layer <= Count ? Paths[layer - 1] : throw new DecantException($"{_map.Owner} has no layer {layer}: its layers are numbered from 1 to {Count}{Below}.");
    }

    /// <summary>The path of what the first layer is given.</summary>
    /// <exception cref="DecantException">There is no such value.</exception>
    public string Embeddings()
    {
        CheckShows();
        return _map.Layers.Embeddings ?? throw new DecantException($"{_map.Owner} has no embeddings: it is no model of tokens. Compare modules by path with hidden-states instead.");
    }

    /// <exception cref="DecantException">There are no layers.</exception>
    public void Check()
    {
        CheckShows();
        if (Count == 0)
            throw new DecantException($"{_map.Owner} {(_attention ? "has no attention" : "is not made of layers")}: name modules by path instead, pairs: [{{ student: …, teacher: … }}]. 'decant inspect' lists the paths.");
    }

    private void CheckShows()
    {
        if (_map.Shapes.Count == 0)
            throw new DecantException($"{_map.Owner} gives logits only, and inner values were asked of it: use objectives of logits, or one that runs here as a model.");
    }

    private string Below => _attention ? "" : _map.Layers.Embeddings is null ? ", and it has no embeddings to be layer 0" : ", and 0 are its embeddings";
}
