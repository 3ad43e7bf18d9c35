using Decant.Compression.Quantization.Graphs;
using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Large constants of operators that are no layers here, so that a report leaves out nothing that takes room.</summary>
internal static class UntouchedWeights
{
    private const long LeastNumbers = 16_384;

    /// <summary>What the report says about them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">A node that is no layer.</param>
    public static IEnumerable<LayerReport> In(GraphEditor graph, NodeProto node)
    {
        if (node.OpType is "Constant" or "Identity" or "Transpose")
            yield break; // what they give is a constant of the node that reads it
        foreach (var constant in node.Input.Where(i => i.Length > 0).Distinct().Select(graph.Constant).OfType<FloatConstant>())
            if (constant.Shape.Aggregate(1L, (a, b) => a * b) >= LeastNumbers)
                yield return new LayerReport($"{constant.Name} ({node.Name})", false, $"float32: {node.OpType} has no form with integers here");
    }
}
