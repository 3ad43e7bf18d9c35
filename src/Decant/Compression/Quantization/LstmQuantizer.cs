using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>LSTMs as DynamicQuantizeLSTM of ONNX Runtime: both matrices int8 with a scale per gate and unit, activations rounded in every step.</summary>
internal static class LstmQuantizer
{
    /// <summary>Writes such a layer.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="layer">The LSTM.</param>
    /// <param name="perChannel">A scale per gate and unit; otherwise one per direction.</param>
    /// <param name="range">The integers.</param>
    public static LayerReport Write(GraphEditor graph, Layer layer, bool perChannel, IntegerRange range)
    {
        var node = layer.Node;
        if (OnnxNode.Integer(node, "layout", 0) != 0)
        {
            graph.Write(node);
            return new LayerReport(layer.Name, false, "float32: DynamicQuantizeLSTM takes time first (layout 0) only");
        }

        var input = Add(graph, layer.Weights, perChannel, range);
        var recurrent = Add(graph, graph.Constant(node.Input[2])!, perChannel, range);
        var written = node.Clone();
        (written.OpType, written.Domain) = ("DynamicQuantizeLSTM", OnnxNode.RuntimeDomain);
        written.Input.Clear();
        written.Input.Add([node.Input[0], input[0], recurrent[0], .. Enumerable.Range(3, 5).Select(i => Layer.Optional(node, i) ?? "")]);
        written.Input.Add([input[1], input[2], recurrent[1], recurrent[2]]);
        foreach (var layout in written.Attribute.Where(a => a.Name == "layout").ToList())
            written.Attribute.Remove(layout);
        graph.Write(written);
        graph.Use(OnnxNode.RuntimeDomain, 1);
        return new LayerReport(layer.Name, true, $"int8 weights{(perChannel ? " per gate and unit" : "")}, activations as they come (DynamicQuantizeLSTM)");
    }

    // [directions, 4 · hidden, inputs] → [directions, inputs, 4 · hidden], as the operator has it.
    private static string[] Add(GraphEditor graph, FloatConstant weights, bool perChannel, IntegerRange range) => graph.Once("lstm:" + weights.Key, () =>
    {
        var (directions, units, inputs) = ((int)weights.Shape[0], (int)weights.Shape[1], (int)weights.Shape[2]);
        var (all, size) = (weights.Read(), units * inputs);
        var values = new sbyte[all.Length];
        var scales = new List<float>();
        for (var direction = 0; direction < directions; direction++)
        {
            var integers = ChannelWeights.Of(all.AsSpan(direction * size, size), [units, inputs], perChannel ? 0 : null, range);
            Matrices.Transpose<sbyte>(integers.Values, units, inputs).CopyTo(values, direction * size);
            scales.AddRange(integers.Scales);
        }

        long[] shape = perChannel ? [directions, units] : [directions];
        return
        [
            graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_int8"), values, directions, inputs, units)),
            graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_scale"), scales.ToArray(), shape)),
            graph.Add(OnnxTensor.Of(graph.NewName(weights.Name + "_zero"), new sbyte[scales.Count], shape)),
        ];
    });
}
