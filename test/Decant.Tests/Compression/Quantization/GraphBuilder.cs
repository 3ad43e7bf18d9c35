using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization;

/// <summary>Small float32 graphs, put together node by node, with weights from a seed.</summary>
internal sealed class GraphBuilder
{
    private readonly ModelProto _model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
    private readonly Random _random = new(1);
    private int _count;

    public GraphBuilder(long opset = 17) => _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });

    /// <summary>An input; −1 for a size that varies.</summary>
    public string Input(string name, TensorProto.Types.DataType type, params long[] shape)
    {
        _model.Graph.Input.Add(Value(name, type, shape));
        return name;
    }

    public string Floats(string name, params long[] shape) => Input(name, TensorProto.Types.DataType.Float, shape);

    /// <summary>A weight drawn from −1 to 1.</summary>
    public string Weight(string name, params long[] shape) => Weight(name, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((_random.NextDouble() * 2) - 1))], shape);

    public string Weight(string name, float[] values, params long[] shape)
    {
        _model.Graph.Initializer.Add(OnnxTensor.Of(name, values, shape));
        return name;
    }

    public string Constant(string name, params long[] values)
    {
        _model.Graph.Initializer.Add(OnnxTensor.Of(name, values, values.Length));
        return name;
    }

    public string Node(string type, string[] inputs, params AttributeProto[] attributes) => Node(type, $"{type.ToLowerInvariant()}{++_count}", inputs, attributes);

    public string Node(string type, string output, string[] inputs, params AttributeProto[] attributes)
    {
        var node = OnnxNode.Make(type, inputs, [output], attributes);
        node.Name = output + "_node";
        _model.Graph.Node.Add(node);
        return output;
    }

    public ModelProto Model(string output, params long[] shape)
    {
        _model.Graph.Output.Add(Value(output, TensorProto.Types.DataType.Float, shape));
        return _model;
    }

    /// <summary>x [−1, …, k] → MatMul, Add, Relu, MatMul: two layers over any number of axes.</summary>
    public static ModelProto TwoLayers(int inputs = 64, int hidden = 96, int outputs = 32, bool rows = false)
    {
        var graph = new GraphBuilder();
        var x = rows ? graph.Floats("x", -1, inputs) : graph.Floats("x", -1, -1, inputs);
        var first = graph.Node("Add", [graph.Node("MatMul", [x, graph.Weight("first.weight", inputs, hidden)]), graph.Weight("first.bias", hidden)]);
        var second = graph.Node("MatMul", "y", [graph.Node("Relu", [first]), graph.Weight("second.weight", hidden, outputs)]);
        return rows ? graph.Model(second, -1, outputs) : graph.Model(second, -1, -1, outputs);
    }

    /// <summary>Normally distributed samples of x.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Samples(int count, params long[] shape) =>
        [.. Enumerable.Range(0, count).Select(i => new Dictionary<string, OnnxArray> { ["x"] = Normal(i, shape) })];

    public static OnnxArray Normal(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return new OnnxArray(values, shape);
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, long[] shape)
    {
        var value = new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = new TensorShapeProto() } } };
        foreach (var size in shape)
            value.Type.TensorType.Shape.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = $"n{value.Type.TensorType.Shape.Dim.Count}" } : new() { DimValue = size });
        return value;
    }
}
