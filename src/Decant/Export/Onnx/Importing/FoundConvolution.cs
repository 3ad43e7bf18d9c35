using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Importing;

/// <summary>A convolution of a graph and the batch norm behind it, which exporters may have folded into it.</summary>
/// <param name="Node">The convolution.</param>
/// <param name="Weight">[out, in, k, k].</param>
/// <param name="Norm">Scale, shift, mean and variance of the norm, [out] each.</param>
/// <param name="IsFolded">Whether the graph has no norm of its own behind it.</param>
/// <param name="Output">The value behind the norm.</param>
internal sealed record FoundConvolution(NodeProto Node, TensorProto Weight, float[][] Norm, bool IsFolded, string Output)
{
    private const float OwnEpsilon = 1e-5f; // what networks of this kind add to the variance

    /// <summary>Channels that go out.</summary>
    public long Outputs => Weight.Dims[0];

    /// <summary>The side of the window.</summary>
    public long Kernel => Weight.Dims[2];

    /// <summary>Pixels from one position to the next.</summary>
    public long Stride => Ints(Node, "strides") is [var stride, ..] ? stride : 1;

    /// <summary>The convolution that a node is; null: another kind of node, or one that no residual network has.</summary>
    public static FoundConvolution? Of(ReadGraph graph, NodeProto node)
    {
        if (node.OpType != "Conv" || node.Input.Count < 2 || !graph.Constants.TryGetValue(node.Input[1], out var weight) || weight.Dims.Count != 4 || !IsPlain(node, weight))
            return null;
        var outputs = checked((int)weight.Dims[0]);
        var bias = node.Input.Count > 2 && graph.Constants.TryGetValue(node.Input[2], out var given) ? OnnxTensor.Floats(given) : new float[outputs];
        var norm = graph.UsersOf(node.Output[0]) is [{ OpType: "BatchNormalization" } only] ? only : null;
        return norm is null
            ? new FoundConvolution(node, weight, [Filled(outputs, 1), bias, new float[outputs], Filled(outputs, 1 - OwnEpsilon)], true, node.Output[0])
            : Parts(graph, norm, outputs) is { } parts ? new FoundConvolution(node, weight, [parts[0], parts[1], Less(parts[2], bias), Raised(parts[3], Epsilon(norm) - OwnEpsilon)], false, norm.Output[0]) : null;
    }

    /// <summary>Whether zeros stand around the image as a network of this kind has them: on all sides alike; or fewer behind it, which at a stride of 2 is the same for images of even sizes.</summary>
    public static bool IsPadded(NodeProto node, long kernel, long stride)
    {
        var (auto, half) = (node.Attribute.FirstOrDefault(a => a.Name == "auto_pad")?.S.ToStringUtf8() ?? "NOTSET", kernel / 2);
        long[] pads = Ints(node, "pads") is { Length: > 0 } given ? given : [0, 0, 0, 0];
        return auto is "NOTSET" or "" && pads is [var top, var left, var bottom, var right] && top == half && left == half && bottom == right && (bottom == half || (stride == 2 && bottom == half - 1));
    }

    /// <summary>The integers of an attribute; empty: it has none of that name.</summary>
    public static long[] Ints(NodeProto node, string name) => [.. node.Attribute.FirstOrDefault(a => a.Name == name)?.Ints ?? []];

    private static bool IsPlain(NodeProto node, TensorProto weight)
    {
        var (kernel, stride) = (weight.Dims[2], Ints(node, "strides") is [var s, ..] ? s : 1);
        return weight.Dims[3] == kernel && OnnxNode.Integer(node, "group", 1) == 1 && Array.TrueForAll(Ints(node, "dilations"), d => d == 1)
            && Array.TrueForAll(Ints(node, "strides"), s => s == stride) && IsPadded(node, kernel, stride);
    }

    private static float[][]? Parts(ReadGraph graph, NodeProto norm, int outputs)
    {
        var parts = norm.Input.Skip(1).Take(4).Select(name => graph.Constants.GetValueOrDefault(name)).ToArray();
        return parts.Length == 4 && Array.TrueForAll(parts, p => p is not null && p.Dims.Count == 1 && p.Dims[0] == outputs) ? Array.ConvertAll(parts, p => OnnxTensor.Floats(p!)) : null;
    }

    private static float Epsilon(NodeProto norm) => norm.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? 1e-5f;

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return values;
    }

    private static float[] Less(float[] values, float[] others) => [.. values.Zip(others, (v, o) => v - o)];

    // Another epsilon than the network's own is part of the variance.
    private static float[] Raised(float[] values, float by) => by == 0 ? values : Array.ConvertAll(values, v => v + by);
}
