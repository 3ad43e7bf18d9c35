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
    private readonly IReadOnlyDictionary<string, StaticScale> _scales;
    private readonly Dictionary<string, string> _biases = new(StringComparer.Ordinal);
    private readonly IntegerRange _range;

    private StaticQuantizer(StaticInt8 options, StaticPlan plan, IReadOnlyDictionary<string, StaticScale> scales) =>
        (_options, _plan, _scales, _range) = (options, plan, scales, IntegerNotes.RangeOf(options.ReduceRange));

    /// <summary>Finds the scales of the activations from samples.</summary>
    public static StaticQuantizer Make(
        ModelProto model, StaticInt8 options, LayerSelection selection, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples, CancellationToken cancel)
    {
        var plan = StaticPlan.Of(model, selection);
        var scales = Calibrator.Run(model, plan.Calibrated, samples, cancel).ToDictionary(h => h.Key, h => StaticScale.Of(h.Value, options), StringComparer.Ordinal);
        return new StaticQuantizer(options, plan, scales);
    }

    /// <summary>Takes the scales that a student learned with.</summary>
    /// <exception cref="DecantException">They are those of another model.</exception>
    public static StaticQuantizer Make(ModelProto model, StaticInt8 options, LayerSelection selection, KnownRanges ranges)
    {
        var plan = StaticPlan.Of(model, selection);
        return new StaticQuantizer(options, plan, ranges.Scales(RangeGroups.Of(model, selection, plan)));
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
            case LayerKind.Embedding when _options.Embeddings && EmbeddingRows.Obstacle(layer) is null:
                return EmbeddingRows.Write(graph, layer);
            default:
                WriteOther(graph, layer.Node);
                return new LayerReport(layer.Name, false, EmbeddingRows.Obstacle(layer) ?? "float32: embeddings are left as they are");
        }
    }

    /// <inheritdoc/>
    public void WriteOther(GraphEditor graph, NodeProto node)
    {
        if (node.OpType == "Add" && _biases.TryGetValue(node.Output[0], out var bias))
        {
            node = node.Clone();
            node.Input[graph.Constant(node.Input[0]) is null ? 1 : 0] = bias;
        }

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

    private LayerReport Matrix(GraphEditor graph, Layer layer)
    {
        var node = layer.Node;
        var weights = IntegerWeights.Add(graph, layer.Weights, 1, _options.PerChannel, _range);
        string[] inputs = [Rounded(graph, node.Input[0]), Weights(graph, layer, weights, 1)];
        var scale = _scales[_plan.ScaleOf(node.Input[0])];
        if (layer.Node.OpType == "MatMul")
        {
            graph.WriteTo(node.Output[0], "MatMul", inputs);
            RoundBiasBehind(graph, node, weights, scale);
        }
        else if (layer.Bias is { } bias && IntegerBias.Write(graph, bias, weights, scale.Affine.Scale) is { } rounded)
        {
            graph.WriteTo(node.Output[0], "Gemm", [.. inputs, rounded]);
        }
        else if (layer.Bias is not null)
        {
            graph.WriteTo(node.Output[0], "Add", [graph.Write("MatMul", inputs, node.Output[0] + "_product"), layer.Bias]);
        }
        else
        {
            graph.WriteTo(node.Output[0], "Gemm", inputs);
        }

        return Report(layer, node.Input[0]);
    }

    // ONNX Runtime makes a Gemm of a product of matrices and the Add behind it, and an integer Gemm of that only where its bias is int32 too.
    private void RoundBiasBehind(GraphEditor graph, NodeProto node, IntegerWeights weights, StaticScale scale)
    {
        if (scale.Rank != 2 || graph.IsOutput(node.Output[0]) || graph.ConsumersOf(node.Output[0]).ToList() is not [{ OpType: "Add" } add])
            return;
        if (IntegerBias.Write(graph, add.Input.First(i => i != node.Output[0]), weights, scale.Affine.Scale) is { } bias)
            _biases[add.Output[0]] = bias;
    }

    private LayerReport Convolution(GraphEditor graph, Layer layer)
    {
        var node = layer.Node.Clone();
        var weights = IntegerWeights.Add(graph, layer.Weights, 0, _options.PerChannel, _range);
        var (input, bias) = (node.Input[0], layer.Bias);
        node.Input[0] = Rounded(graph, input);
        node.Input[1] = Weights(graph, layer, weights, 0);
        if (bias is not null)
            node.Input[2] = IntegerBias.Write(graph, bias, weights, _scales[_plan.ScaleOf(input)].Affine.Scale) ?? bias;
        WriteOther(graph, node);
        return Report(layer, input);
    }

    private string Weights(GraphEditor graph, Layer layer, IntegerWeights weights, long axis) => graph.Once("dequantized:" + layer.Weights.Key, () =>
    [
        _options.PerChannel
            ? graph.Write("DequantizeLinear", [weights.Values, weights.Scale, weights.Zero], layer.Weights.Name + "_dequantized", OnnxNode.Attribute("axis", axis))
            : graph.Write("DequantizeLinear", [weights.Values, weights.Scale, weights.Zero], layer.Weights.Name + "_dequantized"),
    ])[0];

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
            graph.Add(OnnxTensor.Of(graph.NewName(scaled + "_scale"), [_scales[scaled].Affine.Scale])),
            graph.Add(OnnxTensor.Of(graph.NewName(scaled + "_zero"), [(byte)_scales[scaled].Affine.ZeroPoint])),
        ]);
        var integers = graph.Write("QuantizeLinear", [from, .. parameters], value + "_uint8");
        graph.WriteTo(to, "DequantizeLinear", [integers, .. parameters]);
    }

    private LayerReport Report(Layer layer, string input)
    {
        var scale = _scales[_plan.ScaleOf(input)].Affine;
        return new LayerReport(layer.Name, true, FormattableString.Invariant($"int8 weights{(_options.PerChannel ? " per channel" : "")}, uint8 activations of scale {scale.Scale:G4}, zero point {scale.ZeroPoint}"));
    }
}
