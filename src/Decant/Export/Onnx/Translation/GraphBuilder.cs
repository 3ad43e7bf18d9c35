using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Symbolic;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>Builds a graph: nodes, constants, and the sizes that they need. Equal constants and equal sizes stand in it once.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphProto _graph = new() { Name = "main" };
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);
    private readonly Func<string, (string Value, int Axis)> _placeOf;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A graph with no nodes.</summary>
    /// <param name="placeOf">Where a size that varies can be read: of which value, and of which of its dimensions.</param>
    public GraphBuilder(Func<string, (string Value, int Axis)> placeOf) => _placeOf = placeOf;

    /// <summary>The graph.</summary>
    public GraphProto Graph => _graph;

    /// <summary>Adds a node with one output.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">Its inputs; an empty one is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The output's name.</returns>
    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => Nodes(type, inputs, 1, "", attributes)[0];

    /// <summary>Adds a node of ONNX Runtime's own operators.</summary>
    public string RuntimeNode(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => Nodes(type, inputs, 1, OnnxNode.RuntimeDomain, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Nodes(string type, ReadOnlySpan<string> inputs, int outputs, string domain = "", params ReadOnlySpan<AttributeProto> attributes)
    {
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++)
            names[i] = Fresh(type);
        var node = OnnxNode.Make(type, inputs, names, attributes);
        node.Name = names[0];
        if (domain.Length > 0)
            node.Domain = domain;
        _graph.Node.Add(node);
        return names;
    }

    /// <summary>A constant list of integers [n].</summary>
    public string Integers(params ReadOnlySpan<long> values) => Constant(OnnxTensor.Of("", values, values.Length));

    /// <summary>A constant integer, without dimensions.</summary>
    public string Integer(long value) => Constant(OnnxTensor.Of("", [value]));

    /// <summary>A constant number of a type, without dimensions.</summary>
    public string Scalar(double value, DType dtype) => Constant(Elements.Scalar(value, dtype));

    /// <summary>A constant; one that is equal is used again.</summary>
    /// <param name="tensor">Without a name.</param>
    /// <param name="name">What it is called; null: a number.</param>
    public string Constant(TensorProto tensor, string? name = null)
    {
        var bytes = tensor.RawData.Length;
        var key = bytes <= 1024 ? $"constant {tensor.DataType} [{string.Join(',', tensor.Dims)}] {Convert.ToHexString(tensor.RawData.Span)}" : null;
        if (key is not null && _made.TryGetValue(key, out var there))
            return there;
        tensor.Name = Fresh(name ?? "constant");
        _graph.Initializer.Add(tensor);
        if (key is not null)
            _made[key] = tensor.Name;
        return tensor.Name;
    }

    /// <summary>What is made once and used by this key from then on.</summary>
    public string Once(string key, Func<string> make) => _made.TryGetValue(key, out var there) ? there : _made[key] = make();

    /// <summary>A list of sizes [n], int64.</summary>
    public string Sizes(IReadOnlyList<Size> sizes)
    {
        if (sizes.All(s => s.Constant is not null))
            return Integers([.. sizes.Select(s => s.Constant!.Value)]);
        if (sizes is [var only])
            return One(only);
        return Once("sizes " + string.Join(", ", sizes), () => Node("Concat", [.. sizes.Select(One)], OnnxNode.Attribute("axis", 0L)));
    }

    /// <summary>A size without dimensions, int64.</summary>
    public string SizeScalar(Size size) => size.Constant is { } constant
        ? Integer(constant)
        : Once($"scalar {size}", () => Node("Squeeze", [One(size), Integers(0)]));

    /// <summary>A name that is not taken.</summary>
    public string Fresh(string wish)
    {
        var name = wish;
        for (var i = 1; !_names.Add(name); i++)
            name = $"{wish}_{i}";
        return name;
    }

    // [1]
    private string One(Size size) => size.Constant is { } constant ? Integers(constant) : Once($"size {size}", () =>
    {
        string? sum = null;
        foreach (var (symbols, factor) in size.Terms)
        {
            var product = symbols.Length == 0 ? Integers(factor) : Product(symbols, factor);
            sum = sum is null ? product : Node("Add", [sum, product]);
        }

        return sum!;
    });

    private string Product(string[] symbols, long factor)
    {
        var product = Symbol(symbols[0]);
        foreach (var symbol in symbols.Skip(1))
            product = Node("Mul", [product, Symbol(symbol)]);
        return factor == 1 ? product : Node("Mul", [product, Integers(factor)]);
    }

    private string Symbol(string name) => Once($"symbol {name}", () =>
    {
        var (value, axis) = _placeOf(name);
        return Node("Shape", [value], OnnxNode.Attribute("start", (long)axis), OnnxNode.Attribute("end", axis + 1L));
    });
}
