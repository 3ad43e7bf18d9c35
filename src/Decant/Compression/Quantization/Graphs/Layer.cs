using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization.Graphs;

/// <summary>A node whose weights are constant, so that they can be stored in another way.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Weights">MatMul and Gemm: [inputs, outputs], whatever the node's own order; Conv: [outputs, inputs per group, kernel …]; Lstm: [directions, 4 · hidden, inputs]; Embedding: [entries, width].</param>
/// <param name="Bias">The name of what is added behind a Gemm or Conv; null: nothing.</param>
internal sealed record Layer(NodeProto Node, LayerKind Kind, FloatConstant Weights, string? Bias)
{
    /// <summary>What a report calls it: the weight's name, and the node's.</summary>
    public string Name => Weights.Name.Length > 0 && Node.Name.Length > 0 ? $"{Weights.Name} ({Node.Name})" : Weights.Name + Node.Name;

    /// <summary>The layer that a node is; null: none.</summary>
    /// <param name="graph">The graph that it is in.</param>
    /// <param name="node">The node.</param>
    public static Layer? Of(GraphEditor graph, NodeProto node) => node.Domain is not ("" or "ai.onnx") ? null : node.OpType switch
    {
        "MatMul" => Matrix(graph.Constant(node.Input[1])) is { } weights ? new(node, LayerKind.Matrix, weights, null) : null,
        "Gemm" => OfGemm(graph, node),
        "Conv" => graph.Constant(node.Input[1]) is { Shape.Length: >= 3 } kernel ? new(node, LayerKind.Convolution, kernel, Optional(node, 2)) : null,
        "LSTM" => graph.Constant(node.Input[1]) is { Shape.Length: 3 } input && graph.Constant(node.Input[2]) is not null ? new(node, LayerKind.Lstm, input, Optional(node, 3)) : null,
        "Gather" => OnnxNode.Integer(node, "axis", 0) == 0 && Matrix(graph.Constant(node.Input[0])) is { } table ? new(node, LayerKind.Embedding, table, null) : null,
        _ => null,
    };

    /// <summary>The input of a node that may be left out; null: it is.</summary>
    public static string? Optional(NodeProto node, int index) => node.Input.Count > index && node.Input[index].Length > 0 ? node.Input[index] : null;

    private static Layer? OfGemm(GraphEditor graph, NodeProto node)
    {
        if (Matrix(graph.Constant(node.Input[1])) is not { } weights || OnnxNode.Integer(node, "transA", 0) != 0)
            return null;
        var bias = Optional(node, 2);
        if (bias is not null && Factor(node, "beta") != 1)
            return null;
        weights = OnnxNode.Integer(node, "transB", 0) == 0 ? weights : weights.Transposed();
        return new Layer(node, LayerKind.Matrix, weights.Times(Factor(node, "alpha")), bias);
    }

    private static float Factor(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name)?.F ?? 1;

    private static FloatConstant? Matrix(FloatConstant? constant) => constant is { Shape.Length: 2 } ? constant : null;
}
