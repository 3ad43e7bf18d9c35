using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Export.Onnx.Format;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>A ResNet of ImageNet's kind, known by its graph alone: exporters fold the norms into the convolutions, and the names are gone with them.</summary>
internal sealed class ResNetImport : IImported
{
    private readonly FoundConvolution _stem;
    private readonly List<List<FoundBlock>> _stages;
    private readonly FoundOutput _output;
    private readonly bool _isBgr;

    private ResNetImport(FoundConvolution stem, List<List<FoundBlock>> stages, FoundOutput output, bool isBgr)
    {
        (_stem, _stages, _output, _isBgr) = (stem, stages, output, isBgr);
        Config = new JsonObject
        {
            ["model_type"] = "imagenet-resnet",
            ["architectures"] = new JsonArray(output.Weight is null ? "ImageNetResNetModel" : "ImageNetResNet"),
            ["depths"] = new JsonArray([.. stages.Select(s => (JsonNode)s.Count)]),
            ["layer_type"] = stages[0][0].Convolutions.Count == 3 ? "bottleneck" : "basic",
            ["num_channels"] = stem.Weight.Dims[1],
            ["embedding_size"] = stem.Outputs,
        };
        if (output.Weight is null)
            (Config["output_size"], Config["pooled_features"]) = (stages[^1][^1].Convolutions[^1].Outputs, true);
        else
            Config["num_labels"] = output.Weight.Dims[output.IsTransposed ? 1 : 0];
    }

    /// <inheritdoc/>
    public JsonObject Config { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes
    {
        get
        {
            List<string> notes = [];
            if (_output.Weight is null)
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"It has no classifier: it answers with the {_stages[^1][^1].Convolutions[^1].Outputs} features behind the last mean."));
            if (All.Any(c => c.IsFolded))
                notes.Add("The exporter had folded the batch norms into the convolutions: the norms stand there again with mean 0 and variance 1, and compute the same.");
            if (_isBgr)
                notes.Add("The file reads the channels as blue, green, red; the imported model reads red, green, blue.");
            return notes;
        }
    }

    private IEnumerable<FoundConvolution> All => _stages.SelectMany(s => s).SelectMany(b => b.Shortcut is { } way ? b.Convolutions.Append(way) : b.Convolutions).Prepend(_stem);

    /// <summary>The network that a graph is; null: it is none.</summary>
    /// <exception cref="DecantException">It is a residual network, but of another depth or kind than those that are served.</exception>
    public static ResNetImport? Of(ReadGraph graph, ImportOptions options)
    {
        if (graph.Inputs is not [var input] || graph.UsersOf(input.Name) is not [var first] || FoundConvolution.Of(graph, first) is not { Kernel: 7, Stride: 2 } stem || BehindPool(graph, stem) is not { } value)
            return null;
        var blocks = new List<FoundBlock>();
        while (FoundBlock.At(graph, value) is { } block)
        {
            blocks.Add(block);
            value = block.Output;
        }

        if (blocks.Count == 0 || FoundOutput.At(graph, value) is not { } output)
            return null;
        var stages = Stages(blocks);
        Require(graph, blocks, stages);
        if (options.Bgr && stem.Weight.Dims[1] != 3)
            throw new DecantException($"{graph.Path}: --bgr is for images of three channels, and it reads {stem.Weight.Dims[1]}.");
        return new ResNetImport(stem, stages, output, options.Bgr);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Weights()
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Add(weights, "conv1", "bn1", _stem);
        if (_isBgr)
            weights["conv1.weight"] = weights["conv1.weight"].Flip([1]);
        for (var stage = 0; stage < _stages.Count; stage++)
        {
            for (var i = 0; i < _stages[stage].Count; i++)
            {
                var (block, name) = (_stages[stage][i], string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}."));
                for (var c = 0; c < block.Convolutions.Count; c++)
                    Add(weights, string.Create(CultureInfo.InvariantCulture, $"{name}conv{c + 1}"), string.Create(CultureInfo.InvariantCulture, $"{name}bn{c + 1}"), block.Convolutions[c]);
                if (block.Shortcut is { } way)
                    Add(weights, name + "downsample.0", name + "downsample.1", way);
            }
        }

        if (_output.Weight is { } matrix)
        {
            var weight = Tensor.From(OnnxTensor.Floats(matrix), [.. matrix.Dims]);
            weights["fc.weight"] = _output.IsTransposed ? weight.Transpose(0, 1) : weight;
            weights["fc.bias"] = Tensor.From(OnnxTensor.Floats(_output.Bias!), _output.Bias!.Dims[0]);
        }

        return weights;
    }

    private static void Add(Dictionary<string, Tensor> weights, string convolution, string norm, FoundConvolution found)
    {
        weights[convolution + ".weight"] = Tensor.From(OnnxTensor.Floats(found.Weight), [.. found.Weight.Dims]);
        foreach (var (name, values) in new[] { "weight", "bias", "running_mean", "running_var" }.Zip(found.Norm))
            weights[$"{norm}.{name}"] = Tensor.From(values, found.Outputs);
        weights[norm + ".num_batches_tracked"] = Tensor.From(new long[1]);
    }

    private static string? BehindPool(ReadGraph graph, FoundConvolution stem) =>
        graph.UsersOf(stem.Output) is [{ OpType: "Relu" } relu] && graph.UsersOf(relu.Output[0]) is [{ OpType: "MaxPool" } pool]
        && FoundConvolution.Ints(pool, "kernel_shape") is [3, 3] && FoundConvolution.Ints(pool, "strides") is [2, 2] && OnnxNode.Integer(pool, "ceil_mode", 0) == 0 && FoundConvolution.IsPadded(pool, 3, 2)
            ? pool.Output[0] : null;

    // A stage begins where the image shrinks; the first is that of the stem.
    private static List<List<FoundBlock>> Stages(List<FoundBlock> blocks)
    {
        List<List<FoundBlock>> stages = [];
        foreach (var block in blocks)
        {
            if (stages.Count == 0 || block.Stride > 1)
                stages.Add([]);
            stages[^1].Add(block);
        }

        return stages;
    }

    private static void Require(ReadGraph graph, List<FoundBlock> blocks, List<List<FoundBlock>> stages)
    {
        if (blocks.Exists(b => b.Convolutions.Count == 3 && b.Convolutions[0].Stride > 1))
            throw new DecantException($"{graph.Path}: its blocks shrink the image in their first convolution of 1×1, as ResNet-50 was published in 2016; those that do so in the one of 3×3 (version 1.5, torchvision's) are served.");
        if (stages.Count != 4 || blocks.Exists(b => b.Convolutions.Count != blocks[0].Convolutions.Count))
            throw new DecantException($"{graph.Path}: it is a residual network with {string.Join(", ", stages.Select(s => s.Count))} blocks in its stages, of {string.Join(" and ", blocks.Select(b => b.Convolutions.Count).Distinct())} convolutions; four stages of blocks of one kind are served.");
    }
}
