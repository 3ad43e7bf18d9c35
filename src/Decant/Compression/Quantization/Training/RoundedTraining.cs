using Decant.Compression.Quantization.Graphs;
using Decant.Compression.Quantization.Numbers;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Quantization.Training;

/// <summary>A model that computes with the numbers of a quantized form while it learns (quantization-aware training), until it is disposed.</summary>
/// <remarks>
/// Rounded are the layers that the form rounds in the exported file, with the file's scales, found anew from the weights in every forward pass. What learns are the weights behind the rounded ones.
/// Jacob et al. 2018, arXiv:1712.05877; with a teacher, Polino et al. 2018, arXiv:1802.05668.
/// </remarks>
internal sealed class RoundedTraining : IDisposable
{
    private const int MostPasses = 8;
    private const string PartName = "rounding";

    private readonly Model _model;
    private readonly ChunkedHeadModel? _head;
    private readonly List<(Module Layer, OperandRounding Rounding, Tensor Weight)> _layers = [];
    private TrainedRanges? _ranges;

    private RoundedTraining(Model model) => (_model, _head) = (model, model as ChunkedHeadModel);

    /// <summary>The layers with weights that stay as they are, each with the reason.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>The paths of what is learned instead of the weights; empty: the weights are.</summary>
    public IReadOnlyList<string> LearnedPaths { get; private set; } = [];

    /// <summary>How many layers are rounded.</summary>
    public int Count => _layers.Count;

    /// <summary>Lets a model compute with rounded numbers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graph">The model as it is exported in float32: its layers are those that the form would round.</param>
    /// <param name="options">The form: <see cref="BlockInt"/>, <see cref="DynamicInt8"/>, or <see cref="StaticInt8"/>, whose ranges are then to be observed or taken.</param>
    /// <param name="learnsScales">Whether scales and zero points of matrices are learned, of integers that stay, instead of weights; for <see cref="BlockInt"/>. Embeddings and their tied heads stay.</param>
    /// <exception cref="DecantException">A form that is not trained for, or a layer that has no module to be rounded in.</exception>
    public static RoundedTraining Attach(Model model, ModelProto graph, QuantizationOptions options, bool learnsScales = false)
    {
        OptionCheck.Require(options);
        if (model.Children.Any(c => c.Key == TrainedRanges.PartName) || model.NamedModules().Any(m => RoundingOf(m.Value) is not null))
            throw new DecantException($"student.quantization: the model is rounded already, for another form or a second time. Let that end before it begins again.");
        var training = new RoundedTraining(model);
        try
        {
            training.Attach(graph, options, learnsScales);
            return training;
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    private void Attach(ModelProto graph, QuantizationOptions options, bool learnsScales)
    {
        var modules = ModulesByWeight(_model);
        var selection = LayerSelection.Of(graph, options);
        if (options is StaticInt8 integers)
            _ranges = TrainedRanges.Of(graph, selection, integers);
        var remarks = new List<string>();
        foreach (var layer in selection.All.DistinctBy(l => (l.Weights.Name, l.Kind)))
        {
            var (rounding, why) = selection.Excludes(layer) ? (null, "left out by name") : RoundingOf(layer, options, IsHead(modules, layer));
            if (rounding is null)
            {
                remarks.Add($"{layer.Weights.Name}: {why}");
                continue;
            }

            if (!modules.TryGetValue(layer.Weights.Name, out var found))
                throw new DecantException($"student.quantization: the layer '{layer.Name}' of the exported model is no layer that can be rounded while the model learns: no module has its weights, as where a batch norm is folded into a convolution. Leave it out with 'exclude', or quantize after training.");
            Add(layer, found.Module, learnsScales ? Learned(layer, options, found) ?? rounding(found.Module) : rounding(found.Module), found.Weight);
        }

        if (Count == 0)
            throw new DecantException("student.quantization: nothing of this model would be rounded: " + (remarks.Count == 0 ? "it has no layers with constant weights" : string.Join("; ", remarks)) + ". Choose another form.");
        if (_ranges is { } ranges)
        {
            ranges.To(_model.Device);
            _model.AddModule(TrainedRanges.PartName, ranges);
            if (_model.NamedModules().FirstOrDefault(m => m.Value is Dropout { Probability: > 0 }) is { Value: not null } dropout)
                remarks.Add($"{dropout.Key}: dropout scales what it leaves beyond the ranges, which are those of answers, and it is cut there while the model learns");
        }

        Remarks = remarks;
        if (!learnsScales)
            return;
        LearnedPaths = [.. _model.NamedModules().Where(m => m.Key.EndsWith('.' + PartName, StringComparison.Ordinal)).Select(m => m.Key)];
        if (LearnedPaths.Count == 0)
            throw new DecantException("student.quantization: 'scales' are learned of matrices with weights in blocks, and this model has none; leave 'learn' out.");
    }

    /// <summary>The ranges of activations as they are now; null: the form has none.</summary>
    public KnownRanges? Ranges => _ranges?.Known();

    /// <summary>Finds the ranges of activations from samples; nothing for a form that has none.</summary>
    /// <param name="graph">Makes the model's graph, of the weights behind the rounded ones.</param>
    /// <param name="samples">Inputs by name.</param>
    /// <exception cref="DecantException">There are no samples, or they do not fit the model.</exception>
    public void Observe(Func<ModelProto> graph, IEnumerable<IReadOnlyDictionary<string, OnnxArray>> samples) => _ranges?.Observe(Unrounded(graph), samples);

    /// <summary>Takes the ranges of activations that a student learned with.</summary>
    /// <exception cref="DecantException">They are of another model.</exception>
    public void Take(KnownRanges ranges) => _ranges?.Take(ranges);

    /// <summary>Replaces the weights by the rounded ones, which are from then on those that the exported integers and scales stand for, bit for bit.</summary>
    public void Settle()
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (_, rounding, weight) in _layers)
        {
            using var scope = TensorScope.Open();
            if (rounding is LearnedBlockRounding)
                weight.CopyInPlace(rounding.Weight(weight).Detach());
            // A scale that is found of rounded numbers may differ in its last bit: until it does not.
            var final = rounding is LearnedBlockRounding learned ? learned.OfWeights : rounding;
            for (var (pass, before) = (0, weight.Detach()); pass < MostPasses; pass++)
            {
                var after = final.Weight(before).Detach();
                if (after.EqualTo(before).All().Item() != 0)
                    break;
                weight.CopyInPlace(after);
                before = after;
            }
        }
    }

    /// <summary>The model computes with its weights again.</summary>
    public void Dispose()
    {
        foreach (var (layer, rounding, _) in _layers)
        {
            Set(layer, null);
            if (rounding.Trained is not null)
                _ = layer.RemoveModule(PartName);
            (rounding as IDisposable)?.Dispose();
        }

        if (_head is not null)
            _head.HeadRounding = null;
        if (_ranges is null)
            return;
        _ = _model.RemoveModule(TrainedRanges.PartName);
        _ranges.Dispose();
    }

    // Its own numbers, for a while.
    private T Unrounded<T>(Func<T> work)
    {
        foreach (var (layer, _, _) in _layers)
            Set(layer, null);
        try
        {
            return work();
        }
        finally
        {
            foreach (var (layer, rounding, _) in _layers)
                Set(layer, rounding);
        }
    }

    private void Add(Layer layer, Module module, OperandRounding rounding, Tensor weight)
    {
        if (_layers.Find(l => ReferenceEquals(l.Weight, weight)).Rounding is BlockRounding other && other.Format != (rounding as BlockRounding)?.Format)
            throw new DecantException($"student.quantization: '{layer.Weights.Name}' is both the embeddings and the head of the model, and these would be stored in different formats. Say 'embedding-bits' as 'bits'.");
        if (layer.Kind == LayerKind.Matrix && _head is not null && ReferenceEquals(_head.Head.Weight, weight))
            _head.HeadRounding = rounding;
        else
            Set(module, rounding);
        if (rounding.Trained is { } trained)
            module.AddModule(PartName, trained);
        _layers.Add((module, rounding, weight));
    }

    // A table's rows are rounded where they were looked up, and a head that is tied to one must be of the same numbers.
    private static LearnedBlockRounding? Learned(Layer layer, QuantizationOptions options, (Module Module, Tensor Weight) found) =>
        layer.Kind == LayerKind.Matrix && found.Module is Linear or TransposedLinear && options is BlockInt blocks && new BlockQuantizer(blocks).FormatOf(layer).Format is { } format
            ? new LearnedBlockRounding(format, found.Module is TransposedLinear, found.Weight)
            : null;

    private bool IsHead(Dictionary<string, (Module Module, Tensor Weight)> modules, Layer layer) =>
        _head is not null && modules.TryGetValue(layer.Weights.Name, out var found) && ReferenceEquals(_head.Head.Weight, found.Weight);

    private (Func<Module, OperandRounding>? Rounding, string Why) RoundingOf(Layer layer, QuantizationOptions options, bool isHead) => options switch
    {
        BlockInt blocks => new BlockQuantizer(blocks).FormatOf(layer) is var (format, why) && format is not null ? (module => new BlockRounding(format, module is TransposedLinear), "") : (null, why),
        DynamicInt8 when isHead => throw new DecantException("student.quantization: int8-dynamic rounds the input of a vocabulary's head, which is made in parts here; take weight-only for language models."),
        StaticInt8 when isHead => throw new DecantException("student.quantization: int8 rounds the input of a vocabulary's head, which is made in parts here; take weight-only for language models."),
        Int8Options integers => OfInt8(layer, integers),
        _ => throw new DecantException($"student.quantization: training with rounded numbers is for weight-only, int8 and int8-dynamic, and {options.GetType().Name} came. Give it to 'export.quantize' alone."),
    };

    private (Func<Module, OperandRounding>? Rounding, string Why) OfInt8(Layer layer, Int8Options options) => layer.Kind switch
    {
        LayerKind.Matrix => (module => OfLayer(layer, options, module is TransposedLinear ? 0 : 1), ""),
        LayerKind.Convolution when options is StaticInt8 => (_ => OfLayer(layer, options, [.. Enumerable.Range(1, layer.Weights.Shape.Length - 1).Select(axis => (long)axis)]), ""),
        LayerKind.Embedding when options.Embeddings && EmbeddingRows.Obstacle(layer) is null => (_ => new ChannelRounding([-1], IntegerRange.Int8), ""),
        LayerKind.Embedding => (null, EmbeddingRows.Obstacle(layer) ?? "float32: embeddings are left as they are"),
        LayerKind.Lstm => (null, "an LSTM is rounded when it is exported, and not while it learns"),
        _ => (null, "float32 in this form"),
    };

    private OperandRounding OfLayer(Layer layer, Int8Options options, params long[] inner)
    {
        var weights = new ChannelRounding(options.PerChannel ? inner : null, IntegerNotes.RangeOf(options.ReduceRange), roundsInput: _ranges is null);
        return _ranges is null ? weights : new StaticRounding(weights, _ranges.InputOf(layer.Weights.Name), _ranges.OutputOf(layer.Weights.Name));
    }

    private Dictionary<string, (Module Module, Tensor Weight)> ModulesByWeight(Model model)
    {
        var modules = new Dictionary<string, (Module, Tensor)>(StringComparer.Ordinal);
        var names = model.NamedState().DistinctBy(s => s.Value).ToDictionary(s => s.Value, s => s.Key);
        foreach (var (_, module) in model.NamedModules())
        {
            if (WeightOf(module) is { } weight && names.TryGetValue(weight, out var name))
                modules.TryAdd(name, (module, weight));
        }

        if (_head is { Head.Weight: var head } && names.TryGetValue(head, out var ofHead))
            modules.TryAdd(ofHead, (model, head));
        return modules;
    }

    private static Tensor? WeightOf(Module module) => module switch
    {
        Linear linear => linear.Weight,
        TransposedLinear linear => linear.Weight,
        Embedding embedding => embedding.Weight,
        Conv1d convolution => convolution.Weight,
        Conv2d convolution => convolution.Weight,
        _ => null,
    };

    private static OperandRounding? RoundingOf(Module module) => module switch
    {
        Linear linear => linear.Rounding,
        TransposedLinear linear => linear.Rounding,
        Embedding embedding => embedding.Rounding,
        Conv1d convolution => convolution.Rounding,
        Conv2d convolution => convolution.Rounding,
        _ => null,
    };

    private static void Set(Module module, OperandRounding? rounding)
    {
        switch (module)
        {
            case Linear linear:
                linear.Rounding = rounding;
                break;
            case TransposedLinear linear:
                linear.Rounding = rounding;
                break;
            case Embedding embedding:
                embedding.Rounding = rounding;
                break;
            case Conv1d convolution:
                convolution.Rounding = rounding;
                break;
            case Conv2d convolution:
                convolution.Rounding = rounding;
                break;
        }
    }
}
