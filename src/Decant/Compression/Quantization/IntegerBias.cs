using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>A bias as int32, whose scale is that of the products it is added to: scale of the input times scale of the weights.</summary>
internal static class IntegerBias
{
    /// <summary>Writes one, and says the name of its values; null: it is not a constant of one value per channel, or one of them is beyond int32 with that scale.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="bias">Its name.</param>
    /// <param name="weights">The weights of the layer.</param>
    /// <param name="inputScale">The scale of its input.</param>
    public static string? Write(GraphEditor graph, string bias, IntegerWeights weights, float inputScale)
    {
        if (graph.Constant(bias) is not { Shape: [_] or [1, _] } constant || constant.Shape[^1] != weights.Channels)
            return null;
        var scales = Array.ConvertAll(weights.Scales, s => s * inputScale);
        var quotients = constant.Read().Select((value, i) => Math.Round((double)value / scales[scales.Length == 1 ? 0 : i], MidpointRounding.ToEven)).ToArray();
        if (!Array.TrueForAll(quotients, q => Math.Abs(q) <= int.MaxValue))
            return null;
        long[] shape = scales.Length == 1 ? [] : [scales.Length];
        string[] inputs =
        [
            graph.Add(OnnxTensor.Of(graph.NewName(bias + "_int32"), Array.ConvertAll(quotients, q => (int)q), quotients.Length)),
            graph.Add(OnnxTensor.Of(graph.NewName(bias + "_scale"), scales, shape)),
            graph.Add(OnnxTensor.Of(graph.NewName(bias + "_zero"), new int[scales.Length], shape)),
        ];
        return graph.Write("DequantizeLinear", inputs, bias + "_dequantized", OnnxNode.Attribute("axis", 0L));
    }
}
