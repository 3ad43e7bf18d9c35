using Decant.Export.Onnx.Format;
using static Decant.Export.Onnx.Format.TensorProto.Types;

namespace Decant.Export.Onnx.Importing;

/// <summary>Refuses graphs whose weights are not the float32 numbers that were trained.</summary>
internal static class ServedGraph
{
    // Numbers that are counted with and masks, not weights.
    private static readonly DataType[] s_served = [DataType.Float, DataType.Double, DataType.Int64, DataType.Int32, DataType.Bool];

    /// <summary>Refuses what is quantized, and weights of another type.</summary>
    /// <exception cref="DecantException">Which operators or constants, and what is served.</exception>
    public static void Require(ReadGraph graph)
    {
        var quantized = graph.Graph.Node.Where(n => IsQuantized(n.OpType)).GroupBy(n => n.OpType).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} × {g.Key}").ToArray();
        if (quantized.Length > 0)
        {
            throw new DecantException(
                $"{graph.Path} is quantized ({string.Join(", ", quantized)}): its weights were rounded to few bits, and no model that goes on learning can be made of them. Expected float32 weights; import the file that it was quantized from, mostly model.onnx beside it.");
        }

        var other = graph.Graph.Initializer.Where(c => !s_served.Contains((DataType)c.DataType) && OnnxTensor.CountOf(c) > 1).ToArray();
        if (other.Length > 0)
        {
            throw new DecantException(
                $"{graph.Path}: {other.Length} constants are of type {string.Join(", ", other.Select(c => (DataType)c.DataType).Distinct())}, the first of them '{other[0].Name}'; weights in float32 are served. Export the model in float32.");
        }
    }

    // QuantizeLinear, DynamicQuantizeLSTM, MatMulInteger, QLinearConv, QAttention, MatMulNBits, MatMulBnb4 …
    private static bool IsQuantized(string type) =>
        type.Contains("Quantize", StringComparison.Ordinal) || type.EndsWith("Integer", StringComparison.Ordinal) || type.Contains("NBits", StringComparison.Ordinal)
        || type.EndsWith("Bnb4", StringComparison.Ordinal) || (type.Length > 1 && type[0] == 'Q' && char.IsAsciiLetterUpper(type[1])) || type.StartsWith("IntegerTo", StringComparison.Ordinal);
}
