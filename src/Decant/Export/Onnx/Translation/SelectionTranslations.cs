using Decant.Export.Onnx.Format;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>What picks, places and orders elements by other tensors.</summary>
internal static class SelectionTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::gather"] = c => c.Give(c.Graph.Node("GatherElements", [c.Input(0), c.Input(2)], Axis(c))),
        ["aten::index_select"] = c => c.Give(c.Graph.Node("Gather", [c.Input(0), c.Input(2)], Axis(c))),
        ["aten::masked_fill.Scalar"] = c => c.Give(c.Graph.Node("Where", [c.Input(1, DType.Bool), c.Scalar(2, c.DType), c.Input(0)])),
        ["aten::where.self"] = c => c.Give(c.Graph.Node("Where", [c.Input(0, DType.Bool), c.Input(1, c.DType), c.Input(2, c.DType)])),
        ["aten::scatter.value"] = Scatter,
        ["aten::scatter_add"] = c => c.Give(c.Graph.Node("ScatterElements", [c.Input(0), c.Input(2), c.Input(3)], Axis(c), OnnxNode.Attribute("reduction", "add"))),
        ["aten::topk"] = c => Order(c, c.Graph.Sizes([c.Size(1)]), c.Axis(2, Rank(c), -1), largest: c.Flag(3, true)),
        ["aten::sort"] = c => Order(c, c.Graph.Sizes([c.Value(0).Shape[(int)c.Axis(1, Rank(c), -1)]]), c.Axis(1, Rank(c), -1), largest: c.Flag(2)),
        ["aten::one_hot"] = OneHot,
        ["aten::tril"] = c => Triangle(c, upper: false),
        ["aten::triu"] = c => Triangle(c, upper: true),
        ["aten::embedding"] = c => c.Give(c.Graph.Node("Gather", [c.Input(0), c.Input(1)])),
    };

    private static int Rank(CallTranslation c) => c.Value(0).Shape.Count;

    private static AttributeProto Axis(CallTranslation c) => OnnxNode.Attribute("axis", c.Axis(1, Rank(c)));

    private static void Scatter(CallTranslation c)
    {
        var updates = c.Graph.Node("Expand", [c.Scalar(3, c.DType), c.Graph.Sizes(c.Value(2).Shape)]);
        c.Give(c.Graph.Node("ScatterElements", [c.Input(0), c.Input(2), updates], Axis(c)));
    }

    private static void Order(CallTranslation c, string count, long axis, bool largest)
    {
        var outputs = c.Graph.Nodes("TopK", [c.Input(0), count], 2, attributes: [OnnxNode.Attribute("axis", axis), OnnxNode.Attribute("largest", largest ? 1L : 0L)]);
        c.Give(outputs[0]);
        c.Give(outputs[1], 1);
    }

    private static void OneHot(CallTranslation c) => c.Give(c.Graph.Node(
        "OneHot", [c.Input(0), c.Graph.Integer(c.Integer(1)), c.Graph.Integers(0, 1)], OnnxNode.Attribute("axis", -1L)));

    private static void Triangle(CallTranslation c, bool upper) => c.Give(c.Graph.Node(
        "Trilu", [c.Input(0), c.Graph.SizeScalar(c.Size(1, 0))], OnnxNode.Attribute("upper", upper ? 1L : 0L)));
}
