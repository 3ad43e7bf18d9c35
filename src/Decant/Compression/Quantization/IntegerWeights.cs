using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>The names of the constants that stand for a layer's weights as int8.</summary>
/// <param name="Values">The integers.</param>
/// <param name="Scale">Their scale: one per output channel, or a scalar.</param>
/// <param name="Zero">Their zero points, all 0, of the scale's shape.</param>
/// <param name="Scales">The scales as numbers.</param>
internal sealed record IntegerWeights(string Values, string Scale, string Zero, float[] Scales)
{
    /// <summary>The number of output channels.</summary>
    public int Channels { get; private init; }

    /// <summary>Adds them to a graph; weights that several layers share are added once.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="channelAxis">The axis of the output channels.</param>
    /// <param name="perChannel">One scale per output channel; otherwise one for all.</param>
    /// <param name="range">The integers.</param>
    public static IntegerWeights Add(GraphEditor graph, FloatConstant weights, int channelAxis, bool perChannel, IntegerRange range)
    {
        int? axis = perChannel ? channelAxis : null;
        var integers = ChannelWeights.Of(weights.Read(), weights.Shape, axis, range);
        var names = graph.Once($"int8:{weights.Key}|{channelAxis}", () =>
        {
            var zeros = OnnxTensor.Of(graph.NewName(weights.Name + "_zero"), new sbyte[integers.Scales.Length], axis is null ? [] : [integers.Scales.Length]);
            if (axis == 1 && weights.Shape.Length == 2 && range == IntegerRange.Int8 && graph.Made("rows:" + weights.Transposed().Key) is { } table)
                return [.. OfTable(graph, table, integers.Scales.Length), graph.Add(zeros)];
            return
            [
                graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_int8"), integers.Values, weights.Shape)),
                graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_scale"), integers.Scales, axis is null ? [] : [integers.Scales.Length])),
                graph.Add(zeros),
            ];
        });
        return new IntegerWeights(names[0], names[1], names[2], integers.Scales) { Channels = (int)weights.Shape[channelAxis] };
    }

    // The head of a language model that is tied to its embeddings: the file holds the rows once, and ONNX Runtime transposes them when it opens the file.
    private static string[] OfTable(GraphEditor graph, string[] table, long rows) =>
    [
        graph.Write("Transpose", [table[0]], table[0] + "_transposed", OnnxNode.Attribute("perm", 1L, 0L)),
        graph.Write("Reshape", [table[1], graph.Add(OnnxTensor.Of(graph.NewName(table[1] + "_shape"), [rows], 1))], table[1] + "_reshaped"),
    ];
}
