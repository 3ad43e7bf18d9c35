using System.IO.Enumeration;
using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Which layers stay float32 by their names.</summary>
internal sealed class LayerSelection
{
    private readonly IReadOnlyList<string> _patterns;

    private LayerSelection(IReadOnlyList<string> patterns, IReadOnlyList<Layer> all) => (_patterns, All) = (patterns, all);

    /// <summary>Every layer of the model with constant weights.</summary>
    public IReadOnlyList<Layer> All { get; }

    /// <summary>The selection that options ask for.</summary>
    /// <exception cref="DecantException">A pattern fits no layer.</exception>
    public static LayerSelection Of(ModelProto model, QuantizationOptions options)
    {
        var graph = new GraphEditor(model);
        var layers = graph.Nodes.Select(node => Layer.Of(graph, node)).OfType<Layer>().ToList();
        if (options.Exclude.FirstOrDefault(p => !layers.Exists(l => Fits(p, l))) is { } lost)
            throw new DecantException($"exclude: no layer of the model has a name like '{lost}'. Layers are, for example, {string.Join(", ", layers.Take(5).Select(l => $"'{l.Name}'"))}; * stands for any text.");
        return new LayerSelection(options.Exclude, layers);
    }

    /// <summary>Whether a layer is to stay as it is.</summary>
    public bool Excludes(Layer layer) => _patterns.Any(p => Fits(p, layer));

    private static bool Fits(string pattern, Layer layer) => FileSystemName.MatchesSimpleExpression(pattern, layer.Weights.Name, ignoreCase: false)
        || FileSystemName.MatchesSimpleExpression(pattern, layer.Node.Name, ignoreCase: false);
}
