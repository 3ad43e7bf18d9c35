using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Which values of a graph are rounded to uint8.</summary>
/// <remarks>
/// Inputs of quantized layers are rounded for these layers only; what else reads them, such as a residual connection, gets float32. A convolution's result is rounded for all that read it, as ONNX Runtime's integer
/// convolutions have integer results; and so are the results of pooling, addition and reshaping between convolutions, so that whole chains stay integers.
/// </remarks>
internal sealed class StaticPlan
{
    // Of the same numbers as their input, so of the same scale.
    private static readonly HashSet<string> s_moving = ["MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze"];
    private static readonly HashSet<string> s_computing = ["Add", "GlobalAveragePool", "AveragePool"];

    private readonly Dictionary<string, string> _sameScale = new(StringComparer.Ordinal);
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _chain = new(StringComparer.Ordinal);
    private readonly HashSet<string> _activated = new(StringComparer.Ordinal);
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ends = new(StringComparer.Ordinal);

    private StaticPlan()
    {
    }

    /// <summary>The values whose scales are found from samples.</summary>
    public IReadOnlyCollection<string> Calibrated => [.. _layers.Concat(_chain).Except(_sameScale.Keys)];

    /// <summary>The results of addition and pooling between convolutions, behind ReLU where one follows.</summary>
    public IReadOnlyCollection<string> Computed => _computed;

    /// <summary>The plan of a model.</summary>
    public static StaticPlan Of(ModelProto model, LayerSelection selection)
    {
        var graph = new GraphEditor(model);
        var plan = new StaticPlan();
        foreach (var node in graph.Nodes)
        {
            if (Layer.Of(graph, node) is { Kind: LayerKind.Matrix or LayerKind.Convolution } layer)
            {
                if (selection.Excludes(layer))
                    continue;
                plan._layers.Add(node.Input[0]);
                if (layer.Kind == LayerKind.Convolution)
                    plan.EndConvolution(graph, node);
            }
            else
            {
                plan.Continue(graph, node);
            }
        }

        return plan;
    }

    /// <summary>Whether a value is rounded for everything that reads it.</summary>
    public bool IsRoundedForAll(string value) => _chain.Contains(value);

    /// <summary>The value whose scale a value has: itself, or that of an operator's input that only moves numbers.</summary>
    public string ScaleOf(string value) => _sameScale.TryGetValue(value, out var other) ? ScaleOf(other) : value;

    /// <summary>The value that a convolution's result is rounded as: itself, or what a ReLU right behind it makes of it.</summary>
    /// <param name="output">The convolution's output.</param>
    public string EndOf(string output) => _ends.GetValueOrDefault(output, output);

    /// <summary>Whether an operator moves the numbers of its input and changes none.</summary>
    public static bool IsMoving(NodeProto node) => node.Domain.Length == 0 && s_moving.Contains(node.OpType) && node.Output.Count == 1;

    private void EndConvolution(GraphEditor graph, NodeProto node)
    {
        var output = node.Output[0];
        if (!graph.IsOutput(output) && graph.ConsumersOf(output).ToList() is [{ OpType: "Relu" } relu])
            (_, _ends[output]) = (_activated.Add(relu.Output[0]), relu.Output[0]);
        else
            _chain.Add(output);
    }

    private void Continue(GraphEditor graph, NodeProto node)
    {
        if (node.Domain.Length > 0 || node.Output.Count == 0)
            return;
        var output = node.Output[0];
        if (_activated.Contains(output))
            _chain.Add(output);
        else if (IsMoving(node) && _chain.Contains(node.Input[0]))
            (_, _sameScale[output]) = (_chain.Add(output), node.Input[0]);
        else if (s_computing.Contains(node.OpType) && node.Input.All(_chain.Contains) && graph.ConsumersOf(output).ToList() is not [{ OpType: "Relu" }])
            (_, _) = (_chain.Add(output), _computed.Add(output));
        else if (s_computing.Contains(node.OpType) && node.Input.All(_chain.Contains) && !graph.IsOutput(output) && graph.ConsumersOf(output).First().Output[0] is var activated)
            (_, _) = (_activated.Add(activated), _computed.Add(activated));
    }
}
