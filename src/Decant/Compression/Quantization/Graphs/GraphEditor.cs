using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization.Graphs;

/// <summary>A copy of a model whose nodes are written anew, one after the other, with others before, behind or in place of them.</summary>
internal sealed class GraphEditor
{
    private readonly ModelProto _model;
    private readonly Dictionary<string, TensorProto> _initializers;
    private readonly HashSet<string> _inputs;
    private readonly Dictionary<string, NodeProto> _producers;
    private readonly ILookup<string, NodeProto> _consumers;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string[]> _made = new(StringComparer.Ordinal);
    private readonly List<NodeProto> _written = [];

    /// <summary>Copies a model.</summary>
    /// <param name="model">The model; unchanged.</param>
    public GraphEditor(ModelProto model)
    {
        _model = model.Clone();
        Nodes = [.. _model.Graph.Node];
        _initializers = _model.Graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
        _inputs = _model.Graph.Input.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        _producers = Nodes.SelectMany(n => n.Output.Where(o => o.Length > 0).Select(o => (Output: o, Node: n))).ToDictionary(p => p.Output, p => p.Node, StringComparer.Ordinal);
        _consumers = Nodes.SelectMany(n => n.Input.Distinct().Select(i => (Input: i, Node: n))).ToLookup(p => p.Input, p => p.Node, StringComparer.Ordinal);
        _names = [.. _initializers.Keys, .. _inputs, .. _producers.Keys, .. Nodes.Select(n => n.Name), .. Nodes.SelectMany(Subgraphs.NamesIn)];
    }

    /// <summary>The nodes of the model as it came, in their order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>Whether a value is an output of the model.</summary>
    public bool IsOutput(string name) => _model.Graph.Output.Any(o => o.Name == name);

    /// <summary>The nodes that read a value; those within the bodies of If and Loop are not among them.</summary>
    public IEnumerable<NodeProto> ConsumersOf(string name) => _consumers[name];

    /// <summary>The node that makes a value; null: an input or a constant.</summary>
    public NodeProto? ProducerOf(string name) => _producers.GetValueOrDefault(name);

    /// <summary>The float32 constant of that name: an initializer, a Constant node, or one of these transposed; null: no such constant.</summary>
    public FloatConstant? Constant(string name)
    {
        if (_initializers.TryGetValue(name, out var tensor))
            return _inputs.Contains(name) ? null : FloatConstant.Of(tensor, name); // an input with a default may be replaced by the caller
        return _producers.GetValueOrDefault(name) switch
        {
            { OpType: "Constant" } node when node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } value => FloatConstant.Of(value, name),
            { OpType: "Identity" } node => Constant(node.Input[0]),
            { OpType: "Transpose" } node => Constant(node.Input[0]) is { Shape.Length: 2 } matrix && !IsIdentity(node) ? matrix.Transposed() : null,
            _ => null,
        };
    }

    /// <summary>A name that nothing has yet.</summary>
    /// <param name="stem">What it begins with.</param>
    public string NewName(string stem)
    {
        var name = stem;
        for (var i = 2; !_names.Add(name); i++)
            name = $"{stem}_{i}";
        return name;
    }

    /// <summary>Adds a constant, and says its name.</summary>
    public string Add(TensorProto constant)
    {
        _model.Graph.Initializer.Add(constant);
        return constant.Name;
    }

    /// <summary>What was made for a key before, or is made now: names of values or constants that several nodes share.</summary>
    public string[] Once(string key, Func<string[]> make)
    {
        if (!_made.TryGetValue(key, out var names))
            _made[key] = names = make();
        return names;
    }

    /// <summary>What was made for a key; null: nothing yet.</summary>
    public string[]? Made(string key) => _made.GetValueOrDefault(key);

    /// <summary>Writes a node behind those that were written.</summary>
    public void Write(NodeProto node) => _written.Add(node);

    /// <summary>Writes a new node with one output of a new name, and says that name.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="stem">What the name of its output begins with.</param>
    /// <param name="attributes">Its attributes.</param>
    public string Write(string type, ReadOnlySpan<string> inputs, string stem, params ReadOnlySpan<AttributeProto> attributes)
    {
        var name = NewName(stem);
        WriteTo(name, type, inputs, attributes);
        return name;
    }

    /// <summary>Writes a new node whose output has a name that is known already.</summary>
    public NodeProto WriteTo(string output, string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = OnnxNode.Make(type, inputs, [output], attributes);
        node.Name = NewName(output + "_" + type);
        _written.Add(node);
        return node;
    }

    /// <summary>Adds the operators of a domain, where the model does not have them yet.</summary>
    public void Use(string domain, long version)
    {
        if (_model.OpsetImport.All(o => o.Domain != domain))
            _model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
    }

    /// <summary>The model of the nodes that were written; what none of them reads is left out.</summary>
    public ModelProto Finish()
    {
        var graph = _model.Graph;
        var used = graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var kept = new List<NodeProto>();
        foreach (var node in Enumerable.Reverse(_written))
        {
            if (!node.Output.Any(used.Contains))
                continue;
            kept.Add(node);
            used.UnionWith(node.Input);
            used.UnionWith(Subgraphs.NamesIn(node));
        }

        kept.Reverse();
        graph.Node.Clear();
        graph.Node.Add(kept);
        var constants = graph.Initializer.Where(t => used.Contains(t.Name)).ToList();
        graph.Initializer.Clear();
        graph.Initializer.Add(constants);
        return _model;
    }

    private static bool IsIdentity(NodeProto transpose) => transpose.Attribute.FirstOrDefault(a => a.Name == "perm") is { } order && order.Ints is [0, 1];
}
