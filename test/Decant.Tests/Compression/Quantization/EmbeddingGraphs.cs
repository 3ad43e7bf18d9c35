using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Tests.Compression.Quantization;

/// <summary>Small graphs with embeddings.</summary>
internal static class EmbeddingGraphs
{
    /// <summary>x [−1, −1] ids → y [−1, −1, width].</summary>
    public static ModelProto Model(int entries, int width)
    {
        var graph = new GraphBuilder();
        return graph.Model(graph.Node("Gather", "y", [graph.Weight("table", entries, width), graph.Input("x", TensorProto.Types.DataType.Int64, -1, -1)]), -1, -1, width);
    }

    /// <summary>The same with a MatMul behind it.</summary>
    public static ModelProto WithHead(int entries, int width)
    {
        var graph = new GraphBuilder();
        var rows = graph.Node("Gather", [graph.Weight("table", entries, width), graph.Input("x", TensorProto.Types.DataType.Int64, -1, -1)]);
        return graph.Model(graph.Node("MatMul", "y", [rows, graph.Weight("head", width, 32)]), -1, -1, 32);
    }

    /// <summary>x [−1, −1] ids → the table's rows → their products with all rows: a language model's tied head, whose weights are the transposed table.</summary>
    public static ModelProto Tied(int entries, int width)
    {
        var graph = new GraphBuilder();
        var table = graph.Weight("table", entries, width);
        var rows = graph.Node("Gather", [table, graph.Input("x", TensorProto.Types.DataType.Int64, -1, -1)]);
        return graph.Model(graph.Node("MatMul", "y", [rows, graph.Node("Transpose", [table], OnnxNode.Attribute("perm", 1L, 0L))]), -1, -1, entries);
    }

    /// <summary>Ids below 100.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, OnnxArray>> Samples() =>
        [.. Enumerable.Range(0, 4).Select(i => new Dictionary<string, OnnxArray> { ["x"] = new(new long[] { i, 7 * i, 99 - i, 5, 50 + i, 98 }, 2, 3) })];
}
