using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Importing;

/// <summary>The end of a network of images: the mean over the pixels, and perhaps a linear layer.</summary>
/// <param name="Weight">The layer's matrix; null: there is none.</param>
/// <param name="Bias">Its bias; null where there is no layer.</param>
/// <param name="IsTransposed">Whether the matrix is stored as [in, out].</param>
internal sealed record FoundOutput(TensorProto? Weight, TensorProto? Bias, bool IsTransposed)
{
    private static readonly string[] s_means = ["GlobalAveragePool", "AveragePool", "ReduceMean"];
    private static readonly string[] s_shapes = ["Flatten", "Reshape", "Squeeze", "Identity"];

    /// <summary>The end behind a value; null: another one.</summary>
    public static FoundOutput? At(ReadGraph graph, string value)
    {
        if (graph.UsersOf(value) is not [var mean] || !s_means.Contains(mean.OpType))
            return null;
        value = mean.Output[0];
        while (Only(graph, value) is { } shape && s_shapes.Contains(shape.OpType))
            value = shape.Output[0];
        return Only(graph, value) switch
        {
            null when graph.Graph.Output.Any(o => o.Name == value) => new FoundOutput(null, null, false),
            { OpType: "Gemm" } layer => Layer(graph, layer, layer.Input.ElementAtOrDefault(2), OnnxNode.Integer(layer, "transB", 0) == 0, layer.Output[0]),
            { OpType: "MatMul" } product when Only(graph, product.Output[0]) is { OpType: "Add" } sum => Layer(graph, product, sum.Input.FirstOrDefault(i => i != product.Output[0]), true, sum.Output[0]),
            _ => null,
        };
    }

    // A flattening takes the sizes of its input too.
    private static NodeProto? Only(ReadGraph graph, string value) => graph.UsersOf(value).Where(u => u.OpType != "Shape").ToArray() is [var only] ? only : null;

    private static FoundOutput? Layer(ReadGraph graph, NodeProto node, string? bias, bool isTransposed, string output) =>
        bias is not null && graph.Constants.TryGetValue(node.Input[1], out var weight) && weight.Dims.Count == 2 && graph.Constants.TryGetValue(bias, out var added) && added.Dims.Count == 1
        && graph.Graph.Output.Any(o => o.Name == output) ? new FoundOutput(weight, added, isTransposed) : null;
}
