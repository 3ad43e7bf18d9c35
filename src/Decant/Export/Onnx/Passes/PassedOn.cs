using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Passes;

/// <summary>Values that are passed on as they are: what makes them gets the name of what they are passed on as.</summary>
internal static class PassedOn
{
    /// <summary>Takes out every Identity whose value is made by a node and goes nowhere else.</summary>
    public static void Remove(GraphProto graph)
    {
        var uses = graph.Node.SelectMany(n => n.Input).CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        var makers = graph.Node.SelectMany(n => n.Output.Select((name, i) => (name, Node: n, Place: i))).ToDictionary(m => m.name, StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(n => n.OpType == "Identity").ToArray())
        {
            if (!makers.TryGetValue(node.Input[0], out var maker) || uses[node.Input[0]] != 1)
                continue;
            maker.Node.Output[maker.Place] = node.Output[0];
            graph.Node.Remove(node);
        }
    }
}
