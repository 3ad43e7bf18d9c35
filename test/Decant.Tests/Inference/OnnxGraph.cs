using System.Globalization;
using System.Runtime.InteropServices;
using Decant.Export.Onnx.Format;
using Google.Protobuf;

namespace Decant.Tests.Inference;

/// <summary>Writes small ONNX files node by node, independently of the exporter.</summary>
internal sealed class OnnxGraph
{
    private readonly ModelProto _model = new() { IrVersion = 8, Graph = new() { Name = "test" } };

    public OnnxGraph(string? task = null)
    {
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        if (task is not null)
            _model.MetadataProps.Add(new StringStringEntryProto { Key = "decant.task", Value = task });
    }

    /// <summary>An input; sizes that are letters are free.</summary>
    public OnnxGraph Input(string name, TensorProto.Types.DataType type, params object[] shape)
    {
        _model.Graph.Input.Add(Value(name, type, shape));
        return this;
    }

    public OnnxGraph Output(string name, params object[] shape)
    {
        _model.Graph.Output.Add(Value(name, TensorProto.Types.DataType.Float, shape));
        return this;
    }

    /// <summary>The outputs, instead of those before: this one alone.</summary>
    public OnnxGraph Outputs(TensorProto.Types.DataType type, string name, params object[] shape)
    {
        _model.Graph.Output.Clear();
        _model.Graph.Output.Add(Value(name, type, shape));
        return this;
    }

    public OnnxGraph Weights(string name, float[] values, params long[] shape) =>
        Tensor(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes<float>(values).ToArray(), shape);

    public OnnxGraph Numbers(string name, params long[] values) =>
        Tensor(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>A node: names before the arrow are inputs, those behind it outputs; attributes are whole numbers or lists of them.</summary>
    public OnnxGraph Node(string operation, string wiring, params (string Name, object Value)[] attributes)
    {
        var sides = wiring.Split("->", StringSplitOptions.TrimEntries);
        var node = new NodeProto { OpType = operation };
        node.Input.Add(sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "_" ? "" : name));
        node.Output.Add(sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var (name, value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        _model.Graph.Node.Add(node);
        return this;
    }

    public byte[] ToBytes() => _model.ToByteArray();

    private OnnxGraph Tensor(string name, TensorProto.Types.DataType type, byte[] raw, long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.Add(shape);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        if (value is long[] list)
        {
            attribute.Type = AttributeProto.Types.AttributeType.Ints;
            attribute.Ints.Add(list);
        }
        else
        {
            attribute.Type = AttributeProto.Types.AttributeType.Int;
            attribute.I = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }

        return attribute;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() };
        foreach (var size in shape)
            tensor.Shape.Dim.Add(size is string free ? new TensorShapeProto.Types.Dimension { DimParam = free } : new() { DimValue = Convert.ToInt64(size, CultureInfo.InvariantCulture) });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
