using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization;

/// <summary>Int8 weights and uint8 activations of known scales: QuantizeLinear and DequantizeLinear round every layer, which ONNX Runtime runs as integer operators.</summary>
internal sealed class StaticQuantizer : ILayerQuantizer
{
    private readonly StaticInt8 _options;
    private readonly StaticPlan _plan;
    private readonly IReadOnlyDictionary<string, AffineScale> _scales;
    private readonly IntegerRange _range;

    private StaticQuantizer(StaticInt8 options, StaticPlan plan, IReadOnlyDictionary<string, AffineScale> scales) =>
        (_options, _plan, _scales, _range) = (options, plan, scales, IntegerNotes.RangeOf(options.ReduceRange));

    /// <summary>Finds the scales of the activations from samples.</summary>
    public static StaticQuantizer Make(
        ModelProto model, StaticInt8 options, LayerSelection selection, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples, CancellationToken cancel)
    {
        var plan = StaticPlan.Of(model, selection);
        var scales = Calibrator.Run(model, plan.Calibrated, samples, cancel).ToDictionary(h => h.Key, h => ScaleOf(h.Value, options), StringComparer.Ordinal);
        return new StaticQuantizer(options, plan, scales);
    }

    /// <inheritdoc/>
    public LayerReport Write(GraphEditor graph, Layer layer)
    {
        switch (layer.Kind)
        {
            case LayerKind.Matrix:
                return Matrix(graph, layer);
            case LayerKind.Convolution:
                return Convolution(graph, layer);
            case LayerKind.Lstm:
                return LstmQuantizer.Write(graph, layer, _options.PerChannel, _range);
            case LayerKind.Embedding when _options.Embeddings:
                return EmbeddingRows.Write(graph, layer);
            default:
                WriteOther(graph, layer.Node);
                return new LayerReport(layer.Name, false, "float32: embeddings are left as they are");
        }
    }

    /// <inheritdoc/>
    public void WriteOther(GraphEditor graph, NodeProto node)
    {
        if (node.Output.Count == 0 || !_plan.IsRoundedForAll(node.Output[0]))
        {
            graph.Write(node);
            return;
        }

        // The rounded value takes the name, so that all that reads it, and the model's output, gets it.
        var output = node.Output[0];
        var written = node.Clone();
        written.Output[0] = graph.NewName(output + "_float");
        graph.Write(written);
        WriteRounding(graph, written.Output[0], output, output);
    }

    private static AffineScale ScaleOf(ActivationHistogram histogram, StaticInt8 options)
    {
        var range = ActivationRange.Of(histogram, options.Calibration, options.Percentile);
        return options.SymmetricActivations
            ? AffineScale.Symmetric(Math.Max(-range.Least, range.Most), IntegerRange.UInt8)
            : AffineScale.Asymmetric(range.Least, range.Most, IntegerRange.UInt8);
    }

    private LayerReport Matrix(GraphEditor graph, Layer layer)
    {
        var node = layer.Node;
        var weights = IntegerWeights.Add(graph, layer.Weights, _options.PerChannel ? 1 : null, _range);
        string[] inputs = [Rounded(graph, node.Input[0]), Weights(graph, layer, weights, 1)];
        if (layer.Bias is null)
            graph.WriteTo(node.Output[0], "MatMul", inputs);
        else
            graph.WriteTo(node.Output[0], "Add", [graph.Write("MatMul", inputs, node.Output[0] + "_product"), layer.Bias]);
        return Report(layer, node.Input[0]);
    }

    private LayerReport Convolution(GraphEditor graph, Layer layer)
    {
        var node = layer.Node.Clone();
        var weights = IntegerWeights.Add(graph, layer.Weights, _options.PerChannel ? 0 : null, _range);
        var (input, bias) = (node.Input[0], layer.Bias);
        node.Input[0] = Rounded(graph, input);
        node.Input[1] = Weights(graph, layer, weights, 0);
        if (bias is not null && graph.Constant(bias) is { } constant)
            node.Input[2] = Bias(graph, constant, weights, _scales[_plan.ScaleOf(input)].Scale);
        WriteOther(graph, node);
        return Report(layer, input);
    }

    private string Weights(GraphEditor graph, Layer layer, IntegerWeights weights, long axis) => graph.Once("dequantized:" + layer.Weights.Key, () =>
    [
        _options.PerChannel
            ? graph.Write("DequantizeLinear", [weights.Values, weights.Scale, weights.Zero], layer.Weights.Name + "_dequantized", OnnxNode.Attribute("axis", axis))
            : graph.Write("DequantizeLinear", [weights.Values, weights.Scale, weights.Zero], layer.Weights.Name + "_dequantized"),
    ])[0];

    // int32 with the scale of the products, as the integer convolution adds it.
    private static string Bias(GraphEditor graph, FloatConstant bias, IntegerWeights weights, float inputScale)
    {
        var values = bias.Read();
        var scales = Array.ConvertAll(weights.Scales, s => s * inputScale);
        var integers = values.Select((value, i) => (int)Math.Clamp(Math.Round((double)value / scales[scales.Length == 1 ? 0 : i], MidpointRounding.ToEven), int.MinValue, int.MaxValue)).ToArray();
        long[] shape = scales.Length == 1 ? [] : [scales.Length];
        string[] inputs =
        [
            graph.Add(OnnxTensor.Of(graph.NewName(bias.Name + "_int32"), integers, bias.Shape)),
            graph.Add(OnnxTensor.Of(graph.NewName(bias.Name + "_scale"), scales, shape)),
            graph.Add(OnnxTensor.Of(graph.NewName(bias.Name + "_zero"), new int[scales.Length], shape)),
        ];
        return graph.Write("DequantizeLinear", inputs, bias.Name + "_dequantized", OnnxNode.Attribute("axis", 0L));
    }

    private string Rounded(GraphEditor graph, string value) => _plan.IsRoundedForAll(value) ? value : graph.Once("rounded:" + value, () =>
    {
        var name = graph.NewName(value + "_rounded");
        WriteRounding(graph, value, name, value);
        return [name];
    })[0];

    private void WriteRounding(GraphEditor graph, string from, string to, string value)
    {
        var scaled = _plan.ScaleOf(value);
        var parameters = graph.Once("scale:" + scaled, () =>
        [
            graph.Add(OnnxTensor.Of(graph.NewName(scaled + "_scale"), [_scales[scaled].Scale])),
            graph.Add(OnnxTensor.Of(graph.NewName(scaled + "_zero"), [(byte)_scales[scaled].ZeroPoint])),
        ]);
        var integers = graph.Write("QuantizeLinear", [from, .. parameters], value + "_uint8");
        graph.WriteTo(to, "DequantizeLinear", [integers, .. parameters]);
    }

    private LayerReport Report(Layer layer, string input)
    {
        var scale = _scales[_plan.ScaleOf(input)];
        return new LayerReport(layer.Name, true, FormattableString.Invariant($"int8 weights{(_options.PerChannel ? " per channel" : "")}, uint8 activations of scale {scale.Scale:G4}, zero point {scale.ZeroPoint}"));
    }
}
