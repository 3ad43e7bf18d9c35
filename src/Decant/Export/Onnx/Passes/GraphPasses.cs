using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Passes;

/// <summary>What makes a graph smaller without changing what it computes.</summary>
internal static class GraphPasses
{
    /// <summary>All of them, in order.</summary>
    public static void Run(GraphProto graph)
    {
        TransposedConstants.Fold(graph);
        PassedOn.Remove(graph);
        Unused.Remove(graph);
    }
}
