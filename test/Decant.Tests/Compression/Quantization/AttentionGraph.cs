using Decant.Export.Onnx.Format;

namespace Decant.Tests.Compression.Quantization;

/// <summary>One layer of an encoder as it is exported: attention as an operator of ONNX Runtime.</summary>
internal static class AttentionGraph
{
    /// <summary>x [−1, −1, 64] → projections, MultiHeadAttention of 4 heads, LayerNormalization, MatMul to 128, Gelu, MatMul, LayerNormalization → y [−1, −1, 64].</summary>
    public static ModelProto Model()
    {
        var graph = new GraphBuilder();
        var x = graph.Floats("x", -1, -1, 64);
        var attended = graph.Node("MultiHeadAttention", [Linear(graph, x, "q", 64, 64), Linear(graph, x, "k", 64, 64), Linear(graph, x, "v", 64, 64)], OnnxNode.Attribute("num_heads", 4L));
        var first = Norm(graph, graph.Node("Add", [x, Linear(graph, attended, "o", 64, 64)]), "n1");
        var wide = graph.Node("Gelu", [Linear(graph, first, "up", 64, 128)]);
        var last = Norm(graph, graph.Node("Add", [first, Linear(graph, wide, "down", 128, 64)]), "n2");
        var model = graph.Model(graph.Node("Identity", "y", [last]), -1, -1, 64);
        foreach (var node in model.Graph.Node.Where(n => n.OpType is "MultiHeadAttention" or "Gelu"))
            node.Domain = OnnxNode.RuntimeDomain;
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNode.RuntimeDomain, Version = 1 });
        return model;
    }

    private static string Linear(GraphBuilder graph, string x, string name, long inputs, long outputs) =>
        graph.Node("Add", [graph.Node("MatMul", [x, graph.Weight(name + ".weight", inputs, outputs)]), graph.Weight(name + ".bias", outputs)]);

    private static string Norm(GraphBuilder graph, string x, string name) =>
        graph.Node("LayerNormalization", [x, graph.Weight(name + ".weight", 64), graph.Weight(name + ".bias", 64)]);
}
