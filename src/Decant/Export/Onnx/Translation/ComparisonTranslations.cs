using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>Comparisons and logic; all give truth values.</summary>
internal static class ComparisonTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::eq.Tensor"] = c => Compare(c, "Equal"),
        ["aten::eq.Scalar"] = c => Compare(c, "Equal"),
        ["aten::ne.Tensor"] = c => Compare(c, "Equal", not: true),
        ["aten::ne.Scalar"] = c => Compare(c, "Equal", not: true),
        ["aten::gt.Tensor"] = c => Compare(c, "Greater"),
        ["aten::gt.Scalar"] = c => Compare(c, "Greater"),
        ["aten::ge.Tensor"] = c => Compare(c, "GreaterOrEqual"),
        ["aten::ge.Scalar"] = c => Compare(c, "GreaterOrEqual"),
        ["aten::lt.Tensor"] = c => Compare(c, "Less"),
        ["aten::lt.Scalar"] = c => Compare(c, "Less"),
        ["aten::le.Tensor"] = c => Compare(c, "LessOrEqual"),
        ["aten::le.Scalar"] = c => Compare(c, "LessOrEqual"),
        ["aten::logical_and"] = c => c.Give(c.Graph.Node("And", [c.Input(0, DType.Bool), c.Input(1, DType.Bool)])),
        ["aten::logical_or"] = c => c.Give(c.Graph.Node("Or", [c.Input(0, DType.Bool), c.Input(1, DType.Bool)])),
        ["aten::logical_not"] = c => c.Give(c.Graph.Node("Not", [c.Input(0, DType.Bool)])),
        ["aten::isnan"] = c => c.Give(c.Graph.Node("IsNaN", [c.Input(0)])),
        ["aten::isfinite"] = c => c.Give(c.Graph.Node("Not", [c.Graph.Node("Or", [c.Graph.Node("IsNaN", [c.Input(0)]), c.Graph.Node("IsInf", [c.Input(0)])])])),
    };

    private static void Compare(CallTranslation c, string type, bool not = false)
    {
        var dtype = c.IsTensor(1) ? Common(c.Value(0).DType, c.Value(1).DType) : WithNumber(c.Value(0).DType, c.Number(1));
        var right = c.IsTensor(1) ? c.Input(1, dtype) : c.Graph.Scalar(c.Number(1), dtype);
        var answer = c.Graph.Node(type, [c.Input(0, dtype), right]);
        c.Give(not ? c.Graph.Node("Not", [answer]) : answer);
    }

    // The wider of two types, as PyTorch compares them; truth values are compared as integers.
    private static DType Common(DType left, DType right)
    {
        DType[] order = [DType.Bool, DType.UInt8, DType.Int32, DType.Int64, DType.Float32, DType.Float64];
        var wider = order[Math.Max(Array.IndexOf(order, left), Array.IndexOf(order, right))];
        return wider == DType.Bool ? DType.Int32 : wider;
    }

    private static DType WithNumber(DType dtype, double number) => Elements.IsReal(dtype) ? dtype
        : number != Math.Floor(number) ? DType.Float32
        : dtype == DType.Bool ? DType.Int64 : dtype;
}
