using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization.Graphs;

/// <summary>The bodies of nodes like If and Loop, which may read every value around them.</summary>
internal static class Subgraphs
{
    /// <summary>All names that the bodies of a node read or make.</summary>
    public static IEnumerable<string> NamesIn(NodeProto node) => BodiesOf(node).SelectMany(body => body.Node)
        .SelectMany(inner => inner.Input.Concat(inner.Output).Concat(NamesIn(inner)))
        .Concat(BodiesOf(node).SelectMany(body => body.Output.Select(o => o.Name)));

    private static IEnumerable<GraphProto> BodiesOf(NodeProto node) => node.Attribute.SelectMany(a => a.G is { } body ? a.Graphs.Prepend(body) : a.Graphs);
}
