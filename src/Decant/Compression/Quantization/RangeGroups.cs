using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Which activations are rounded with one range: those that one layer reads or makes in all its places, and those that several layers read.</summary>
/// <remarks>A layer is known by the name of its weights, which the model has too; names of values are the graph's alone.</remarks>
internal sealed class RangeGroups
{
    private readonly Dictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);

    private RangeGroups()
    {
    }

    /// <summary>The names of the values of each group.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Values { get; private set; } = [];

    /// <summary>The names of the layers' weights.</summary>
    public IReadOnlyCollection<string> Layers => _inputs.Keys;

    /// <summary>The groups of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="selection">Its layers.</param>
    /// <param name="plan">What is rounded.</param>
    public static RangeGroups Of(ModelProto model, LayerSelection selection, StaticPlan plan)
    {
        var groups = new RangeGroups();
        foreach (var value in plan.Calibrated)
            groups._parents[value] = value;
        foreach (var layer in selection.All.Where(l => l.Kind is LayerKind.Matrix or LayerKind.Convolution && !selection.Excludes(l)))
        {
            groups.Join(groups._inputs, layer.Weights.Name, plan.ScaleOf(layer.Node.Input[0]));
            if (layer.Kind == LayerKind.Convolution)
                groups.Join(groups._outputs, layer.Weights.Name, plan.ScaleOf(plan.EndOf(layer.Node.Output[0])));
        }

        groups.Number(model);
        return groups;
    }

    /// <summary>The group of what a layer reads.</summary>
    /// <param name="weight">The name of its weights.</param>
    public int InputOf(string weight) => _groups[Root(_inputs[weight])];

    /// <summary>The group of what a layer makes; null: its results are not rounded.</summary>
    /// <param name="weight">The name of its weights.</param>
    public int? OutputOf(string weight) => _outputs.TryGetValue(weight, out var value) ? _groups[Root(value)] : null;

    private void Join(Dictionary<string, string> ofLayers, string weight, string value)
    {
        if (ofLayers.TryGetValue(weight, out var other))
            _parents[Root(value)] = Root(other);
        else
            ofLayers[weight] = value;
    }

    // In the order of the graph, so that the same model has the same numbers.
    private void Number(ModelProto model)
    {
        var values = new List<List<string>>();
        foreach (var value in model.Graph.Input.Select(i => i.Name).Concat(model.Graph.Node.SelectMany(n => n.Output)).Where(_parents.ContainsKey))
        {
            if (_groups.TryAdd(Root(value), values.Count))
                values.Add([]);
            values[_groups[Root(value)]].Add(value);
        }

        Values = values;
    }

    private string Root(string value) => _parents[value] == value ? value : Root(_parents[value]);
}
