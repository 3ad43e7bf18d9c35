using Google.Protobuf;

namespace Decant.Export.Onnx.Format;

/// <summary>Nodes of a graph and their attributes.</summary>
internal static class OnnxNode
{
    /// <summary>The domain of the operators that ONNX Runtime adds to the standard.</summary>
    public const string RuntimeDomain = "com.microsoft";

    /// <summary>A node.</summary>
    /// <param name="type">The operator, like <c>MatMul</c>.</param>
    /// <param name="inputs">The names of its inputs; an empty one is left out.</param>
    /// <param name="outputs">The names of its outputs.</param>
    /// <param name="attributes">Its attributes.</param>
    public static NodeProto Make(string type, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = type };
        foreach (var input in inputs)
            node.Input.Add(input);
        foreach (var output in outputs)
            node.Output.Add(output);
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        return node;
    }

    /// <summary>An integer.</summary>
    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    /// <summary>A real number.</summary>
    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    /// <summary>A text.</summary>
    public static AttributeProto Attribute(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    /// <summary>A list of integers.</summary>
    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>A constant.</summary>
    public static AttributeProto Attribute(string name, TensorProto value) => new() { Name = name, T = value, Type = AttributeProto.Types.AttributeType.Tensor };

    /// <summary>The integer of that name, or what holds where it is left out.</summary>
    public static long Integer(NodeProto node, string name, long standard) => node.Attribute.FirstOrDefault(a => a.Name == name)?.I ?? standard;
}
