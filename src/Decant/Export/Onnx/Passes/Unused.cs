using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Passes;

/// <summary>Nodes and constants that no output needs.</summary>
internal static class Unused
{
    /// <summary>Removes them. Inputs stay, needed or not: they are what callers give.</summary>
    public static void Remove(GraphProto graph)
    {
        var needed = graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var kept = new List<NodeProto>();
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (!node.Output.Any(needed.Contains))
                continue;
            needed.UnionWith(node.Input);
            kept.Add(node);
        }

        kept.Reverse();
        graph.Node.Clear();
        graph.Node.Add(kept);
        TensorProto[] constants = [.. graph.Initializer.Where(t => needed.Contains(t.Name))];
        graph.Initializer.Clear();
        graph.Initializer.Add(constants);
    }
}
