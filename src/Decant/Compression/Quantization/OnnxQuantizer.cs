using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization;

/// <summary>Makes a quantized model of a float32 one, after training.</summary>
internal static class OnnxQuantizer
{
    /// <summary>Quantizes a model. The result was opened in ONNX Runtime, and run with the first sample where there is one.</summary>
    /// <param name="model">The float32 model, of opset 13 or later; unchanged.</param>
    /// <param name="options">How.</param>
    /// <param name="samples">Inputs by name, each a batch of any size: 100 to 500 of the training data. <see cref="StaticInt8"/> needs them; the others check their result with the first one.</param>
    /// <param name="ranges">The ranges that a student learned with; null: <see cref="StaticInt8"/> finds them from the samples.</param>
    /// <param name="cancel">Stops a calibration between samples.</param>
    /// <exception cref="DecantException">The model is quantized already or has nothing to quantize, the samples do not fit, an option is out of range, or ONNX Runtime refuses the result.</exception>
    public static QuantizedModel Quantize(
        ModelProto model, QuantizationOptions options, IEnumerable<IReadOnlyDictionary<string, OnnxArray>>? samples = null, KnownRanges? ranges = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        OptionCheck.Require(options);
        FloatModelCheck.Require(model);
        var given = samples as IReadOnlyCollection<IReadOnlyDictionary<string, OnnxArray>> ?? [.. samples ?? []];
        var layers = LayerSelection.Of(model, options);
        var result = options switch
        {
            HalfWeights half => HalfQuantizer.Quantize(model, half, layers),
            StaticInt8 integers => Rewrite(
                model, layers, ranges is null ? StaticQuantizer.Make(model, integers, layers, given, cancel) : StaticQuantizer.Make(model, integers, layers, ranges), IntegerNotes.Of(integers.ReduceRange)),
            DynamicInt8 integers => Rewrite(model, layers, new DynamicQuantizer(integers), IntegerNotes.Of(integers.ReduceRange)),
            BlockInt blocks => Rewrite(model, layers, new BlockQuantizer(blocks), []),
            _ => throw new DecantException($"{options.GetType().Name} is no kind of quantization that is known here."),
        };
        RunnableCheck.Require(result.Model, given.FirstOrDefault());
        return result;
    }

    private static QuantizedModel Rewrite(ModelProto model, LayerSelection selection, ILayerQuantizer quantizer, IReadOnlyList<string> notes)
    {
        var graph = new GraphEditor(model);
        var reports = new List<LayerReport>();
        foreach (var node in graph.Nodes)
        {
            if (Layer.Of(graph, node) is not { } layer)
            {
                quantizer.WriteOther(graph, node);
                reports.AddRange(UntouchedWeights.In(graph, node));
                continue;
            }

            if (!selection.Excludes(layer))
            {
                reports.Add(quantizer.Write(graph, layer));
                continue;
            }

            quantizer.WriteOther(graph, node);
            reports.Add(new LayerReport(layer.Name, false, "float32: left out by name"));
        }

        if (!reports.Exists(r => r.Changed))
            throw new DecantException("Nothing was quantized: " + (reports.Count == 0
                ? "no MatMul, Gemm, Conv, LSTM or Gather of the model has constant float32 weights. Give the model as it was exported."
                : string.Join("; ", reports.Select(r => $"{r.Name}: {r.What}")) + ". Exclude fewer layers, or choose another form."));
        var finished = graph.Finish();
        return new QuantizedModel(finished, new QuantizationReport(model.CalculateSize(), finished.CalculateSize(), reports, notes));
    }
}
