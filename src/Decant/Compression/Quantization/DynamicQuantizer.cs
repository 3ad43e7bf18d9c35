using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Int8 weights; activations are rounded when they come (DynamicQuantizeLinear), multiplied as integers (MatMulInteger) and scaled back. ONNX Runtime runs the pattern as one operator.</summary>
internal sealed class DynamicQuantizer(DynamicInt8 options) : ILayerQuantizer
{
    private readonly IntegerRange _range = IntegerNotes.RangeOf(options.ReduceRange);

    /// <inheritdoc/>
    public LayerReport Write(GraphEditor graph, Layer layer)
    {
        switch (layer.Kind)
        {
            case LayerKind.Matrix:
                return Matrix(graph, layer);
            case LayerKind.Lstm:
                return LstmQuantizer.Write(graph, layer, options.PerChannel, _range);
            case LayerKind.Embedding when options.Embeddings && EmbeddingRows.Obstacle(layer) is null:
                return EmbeddingRows.Write(graph, layer);
            default:
                graph.Write(layer.Node);
                return new LayerReport(layer.Name, false, layer.Kind == LayerKind.Embedding
                    ? EmbeddingRows.Obstacle(layer) ?? "float32: embeddings are left as they are"
                    : "float32: ConvInteger is slower than the float32 convolution; static int8 has a fast one");
        }
    }

    private LayerReport Matrix(GraphEditor graph, Layer layer)
    {
        var (node, output) = (layer.Node, layer.Node.Output[0]);
        var input = Activation(graph, node.Input[0]);
        var weights = IntegerWeights.Add(graph, layer.Weights, 1, options.PerChannel, _range);
        var product = graph.Write("MatMulInteger", [input[0], weights.Values, input[2], weights.Zero], output + "_product");
        var numbers = graph.Write("Cast", [product], output + "_cast", OnnxNode.Attribute("to", (long)TensorProto.Types.DataType.Float));
        var scale = graph.Write("Mul", [input[1], weights.Scale], output + "_scale");
        if (layer.Bias is null)
            graph.WriteTo(output, "Mul", [numbers, scale]);
        else
            graph.WriteTo(output, "Add", [graph.Write("Mul", [numbers, scale], output + "_scaled"), layer.Bias]);
        return new LayerReport(layer.Name, true, $"int8 weights{(options.PerChannel ? " per channel" : "")}, activations as they come");
    }

    private static string[] Activation(GraphEditor graph, string input) => graph.Once("dynamic:" + input, () =>
    {
        string[] names = [graph.NewName(input + "_uint8"), graph.NewName(input + "_scale"), graph.NewName(input + "_zero")];
        var node = OnnxNode.Make("DynamicQuantizeLinear", [input], names);
        node.Name = graph.NewName(input + "_DynamicQuantizeLinear");
        graph.Write(node);
        return names;
    });
}
