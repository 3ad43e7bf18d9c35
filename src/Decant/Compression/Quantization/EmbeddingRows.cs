using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Embedding tables as int8 with a scale per row, in operators of the standard: the integers and the scale of a row are looked up and multiplied.</summary>
internal static class EmbeddingRows
{
    private const long LeastNumbers = 16_384;

    /// <summary>Why a table stays float32; null: it need not.</summary>
    public static string? Obstacle(Layer layer) => layer.Weights.Shape[0] * layer.Weights.Shape[1] < LeastNumbers
        ? $"float32: a table of fewer than {LeastNumbers:N0} numbers gains less than the operators take"
        : null;

    /// <summary>Writes a lookup in such a table.</summary>
    public static LayerReport Write(GraphEditor graph, Layer layer)
    {
        var (node, table) = (layer.Node, layer.Weights);
        var constants = graph.Once("rows:" + table.Key, () =>
        {
            var rows = ChannelWeights.Of(table.Read(), table.Shape, 0, IntegerRange.Int8);
            return
            [
                graph.Add(OnnxTensor.Of(graph.NewName(table.Name + "_int8"), rows.Values, table.Shape)),
                graph.Add(OnnxTensor.Of(graph.NewName(table.Name + "_scale"), rows.Scales, table.Shape[0], 1)),
            ];
        });
        var (output, axis) = (node.Output[0], OnnxNode.Attribute("axis", 0L));
        var integers = graph.Write("Gather", [constants[0], node.Input[1]], output + "_int8", axis);
        var scales = graph.Write("Gather", [constants[1], node.Input[1]], output + "_scale", axis);
        var numbers = graph.Write("Cast", [integers], output + "_cast", OnnxNode.Attribute("to", (long)TensorProto.Types.DataType.Float));
        graph.WriteTo(output, "Mul", [numbers, scales]);
        return new LayerReport(layer.Name, true, "int8 table, one scale per row");
    }
}
