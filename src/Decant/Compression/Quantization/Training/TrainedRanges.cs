using Decant.Compression.Quantization.Calibrating;
using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Modules;

namespace Decant.Compression.Quantization.Training;

/// <summary>The ranges of activations of a model that learns for static int8, a part of the model while it does, so that checkpoints hold them.</summary>
internal sealed class TrainedRanges : Module
{
    /// <summary>What it is called in the model.</summary>
    public const string PartName = "activation_ranges";

    private readonly StaticInt8 _form;
    private readonly StaticPlan _plan;
    private readonly RangeGroups _groups;
    private readonly RangeRounding[] _ranges;

    private TrainedRanges(StaticInt8 form, StaticPlan plan, RangeGroups groups)
    {
        (_form, _plan, _groups) = (form, plan, groups);
        _ranges = [.. groups.Values.Select((_, i) => RegisterModule($"{i}", new RangeRounding(form.Ranges == RangeSource.Learned)))];
    }

    /// <summary>The ranges that a model needs, none of them known yet.</summary>
    /// <param name="graph">The model as it is exported in float32.</param>
    /// <param name="selection">Its layers.</param>
    /// <param name="form">The form.</param>
    /// <exception cref="DecantException">The file would round something that no layer of the model makes or reads.</exception>
    public static TrainedRanges Of(ModelProto graph, LayerSelection selection, StaticInt8 form)
    {
        var plan = StaticPlan.Of(graph, selection);
        var editor = new GraphEditor(graph);
        foreach (var value in plan.Computed.Where(v => !IsReadByLayersAlone(editor, selection, v)))
            throw new DecantException($"student.quantization: the file rounds '{value}', a sum or mean between convolutions, for all that read it, and no layer of the model can while it learns. Leave the convolutions out with 'exclude', or quantize after training.");
        return new TrainedRanges(form, plan, RangeGroups.Of(graph, selection, plan));
    }

    /// <summary>Finds the ranges from samples, as the exporter does.</summary>
    /// <param name="graph">The model as it is exported in float32 now.</param>
    /// <param name="samples">Inputs by name.</param>
    /// <param name="cancel">Stops between samples.</param>
    public void Observe(ModelProto graph, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples, CancellationToken cancel = default)
    {
        var histograms = Calibrator.Run(graph, _plan.Calibrated, samples, cancel);
        for (var i = 0; i < _ranges.Length; i++)
            _ranges[i].Value = StaticScale.Of([.. _groups.Values[i].Select(v => histograms[v])], _form);
    }

    /// <summary>Takes ranges that a student learned with.</summary>
    public void Take(KnownRanges ranges)
    {
        var scales = ranges.Scales(_groups);
        for (var i = 0; i < _ranges.Length; i++)
            _ranges[i].Value = scales[_groups.Values[i][0]];
    }

    /// <summary>The range of what a layer reads.</summary>
    /// <param name="weight">The name of its weights.</param>
    public RangeRounding InputOf(string weight) => _ranges[_groups.InputOf(weight)];

    /// <summary>The range of what a layer makes; null: that is not rounded.</summary>
    /// <param name="weight">The name of its weights.</param>
    public RangeRounding? OutputOf(string weight) => _groups.OutputOf(weight) is { } group ? _ranges[group] : null;

    /// <summary>The ranges as they are now.</summary>
    public KnownRanges Known() => new(
        _form with { ReduceRange = IntegerNotes.RangeOf(_form.ReduceRange) == Numbers.IntegerRange.Reduced },
        _groups.Layers.ToDictionary(name => name, name => new LayerRanges(InputOf(name).Value, OutputOf(name)?.Value), StringComparer.Ordinal));

    // Then rounding what each of them reads is the same.
    private static bool IsReadByLayersAlone(GraphEditor graph, LayerSelection selection, string value) => !graph.IsOutput(value) && graph.ConsumersOf(value).All(node =>
        StaticPlan.IsMoving(node) ? IsReadByLayersAlone(graph, selection, node.Output[0]) : Layer.Of(graph, node) is { Kind: LayerKind.Matrix or LayerKind.Convolution } layer && !selection.Excludes(layer));
}
