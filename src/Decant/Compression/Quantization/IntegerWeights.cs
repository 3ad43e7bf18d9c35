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
            long[] shape = axis is null ? [] : [integers.Scales.Length];
            return
            [
                graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_int8"), integers.Values, weights.Shape)),
                graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_scale"), integers.Scales, shape)),
                graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_zero"), new sbyte[integers.Scales.Length], shape)),
            ];
        });
        return new IntegerWeights(names[0], names[1], names[2], integers.Scales) { Channels = (int)weights.Shape[channelAxis] };
    }
}
