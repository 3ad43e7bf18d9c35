using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Importing;

/// <summary>A graph of somebody else, and who makes and who uses its values.</summary>
internal sealed class ReadGraph
{
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);

    /// <param name="path">The file, for messages.</param>
    /// <param name="model">What it holds.</param>
    public ReadGraph(string path, ModelProto model)
    {
        (Path, Graph, Producer) = (path, model.Graph, $"{model.ProducerName} {model.ProducerVersion}".Trim());
        foreach (var constant in Graph.Initializer)
            _constants[constant.Name] = constant;
        foreach (var node in Graph.Node)
            Index(node);
        var stored = Graph.Initializer.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        Inputs = [.. Graph.Input.Where(i => !stored.Contains(i.Name))]; // old files list their constants among the inputs
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The program that wrote it; empty where it does not say.</summary>
    public string Producer { get; }

    /// <summary>The graph itself.</summary>
    public GraphProto Graph { get; }

    /// <summary>What a caller gives.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    /// <summary>Every constant by the names that it has: stored ones, those of nodes, and others that are the same once more.</summary>
    public IReadOnlyDictionary<string, TensorProto> Constants => _constants;

    /// <summary>The node that makes a value; null: it is a constant or an input.</summary>
    public NodeProto? MakerOf(string value) => _makers.GetValueOrDefault(value);

    /// <summary>The nodes that use a value, in the graph's order.</summary>
    public IReadOnlyList<NodeProto> UsersOf(string value) => _users.GetValueOrDefault(value) ?? [];

    /// <summary>The numbers of a constant, as float64; null: it is no constant, or has more than a few.</summary>
    public double[]? Numbers(string value)
    {
        const int Few = 16;
        return _constants.TryGetValue(value, out var constant) && OnnxTensor.CountOf(constant) <= Few
            ? (TensorProto.Types.DataType)constant.DataType switch
            {
                TensorProto.Types.DataType.Float => Array.ConvertAll(OnnxTensor.Floats(constant), v => (double)v),
                TensorProto.Types.DataType.Int64 => Array.ConvertAll(OnnxTensor.Longs(constant), v => (double)v),
                _ => null,
            }
            : null;
    }

    /// <summary>The one number of a constant; null: it is none.</summary>
    public double? Number(string value) => Numbers(value) is [var number] ? number : null;

    /// <summary>The sizes of an input or output, −1 where one varies; null: the file does not say.</summary>
    public static long[]? ShapeOf(ValueInfoProto value) =>
        value.Type?.TensorType?.Shape is { } shape ? [.. shape.Dim.Select(d => d.HasDimValue && d.DimValue > 0 ? d.DimValue : -1)] : null;

    private void Index(NodeProto node)
    {
        foreach (var output in node.Output)
            _makers[output] = node;
        foreach (var input in node.Input.Distinct())
        {
            if (!_users.TryGetValue(input, out var users))
                _users[input] = users = [];
            users.Add(node);
        }

        if (node.OpType == "Constant" && node.Output.Count == 1 && ValueOf(node) is { } value)
            _constants[node.Output[0]] = value;
        // Weights that are equal are stored once.
        if (node.OpType == "Identity" && node.Input.Count == 1 && node.Output.Count == 1 && _constants.TryGetValue(node.Input[0], out var same))
            _constants[node.Output[0]] = same;
    }

    private static TensorProto? ValueOf(NodeProto node) => node.Attribute.FirstOrDefault() switch
    {
        { Name: "value", T: { } tensor } => tensor,
        { Name: "value_float" } a => OnnxTensor.Of(node.Output[0], [a.F]),
        { Name: "value_int" } a => OnnxTensor.Of(node.Output[0], [a.I]),
        { Name: "value_ints" } a => OnnxTensor.Of(node.Output[0], [.. a.Ints], a.Ints.Count),
        { Name: "value_floats" } a => OnnxTensor.Of(node.Output[0], [.. a.Floats], a.Floats.Count),
        _ => null,
    };
}
