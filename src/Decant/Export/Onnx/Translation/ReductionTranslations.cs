using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Symbolic;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>What makes fewer numbers of many.</summary>
internal static class ReductionTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::sum"] = c => c.Give(Reduce(c, "ReduceSum", c.Input(0, c.DType), null, false)),
        ["aten::sum.dim_IntList"] = c => Over(c, "ReduceSum"),
        ["aten::mean"] = c => c.Give(Reduce(c, "ReduceMean", c.Input(0), null, false)),
        ["aten::mean.dim"] = c => Over(c, "ReduceMean"),
        ["aten::amax"] = c => Extreme(c, "ReduceMax"),
        ["aten::amin"] = c => Extreme(c, "ReduceMin"),
        ["aten::logsumexp"] = c => Over(c, "ReduceLogSumExp"),
        ["aten::linalg_vector_norm"] = Norm,
        ["aten::var.correction"] = Variance,
        ["aten::all"] = c => Truth(c, "ReduceMin"),
        ["aten::any"] = c => Truth(c, "ReduceMax"),
        ["aten::argmax"] = ArgMax,
        ["aten::cumsum"] = c => c.Give(c.Graph.Node("CumSum", [c.Input(0, c.DType), c.Graph.Integer(c.Axis(1, Rank(c)))])),
        ["aten::softmax.int"] = c => c.Give(c.Graph.Node("Softmax", [c.Input(0)], OnnxNode.Attribute("axis", c.Axis(1, Rank(c))))),
        ["aten::log_softmax.int"] = c => c.Give(c.Graph.Node("LogSoftmax", [c.Input(0)], OnnxNode.Attribute("axis", c.Axis(1, Rank(c))))),
    };

    private static int Rank(CallTranslation c) => c.Value(0).Shape.Count;

    private static void Over(CallTranslation c, string type) => c.Give(Reduce(c, type, c.Input(0, c.DType), c.Axes(1, Rank(c)), c.Flag(2)));

    private static string Reduce(CallTranslation c, string type, string input, long[]? axes, bool keep) =>
        c.Graph.Node(type, axes is null ? [input] : [input, c.Graph.Integers(axes)], OnnxNode.Attribute("keepdims", keep ? 1L : 0L));

    // ONNX Runtime has no extremes of truth values.
    private static void Extreme(CallTranslation c, string type)
    {
        var isTruth = c.DType == DType.Bool;
        var answer = Reduce(c, type, isTruth ? c.Cast(c.Input(0), DType.Int32) : c.Input(0), c.Axes(1, Rank(c)), c.Flag(2));
        c.Give(isTruth ? c.Cast(answer, DType.Bool) : answer);
    }

    private static void Norm(CallTranslation c)
    {
        if (c.Number(1, 2) != 2)
            throw new DecantException("Only the Euclidean norm is exported to ONNX.");
        c.Give(Reduce(c, "ReduceL2", c.Input(0), c.IsNone(2) ? null : c.Axes(2, Rank(c)), c.Flag(3)));
    }

    // Σ(x − mean)² ÷ (n − correction)
    private static void Variance(CallTranslation c)
    {
        var axes = c.Axes(1, Rank(c));
        var difference = c.Graph.Node("Sub", [c.Input(0), Reduce(c, "ReduceMean", c.Input(0), axes, true)]);
        var sum = Reduce(c, "ReduceSum", c.Graph.Node("Mul", [difference, difference]), axes, c.Flag(3));
        var count = axes.Select(a => c.Value(0).Shape[(int)a]).Aggregate((Size)1, (product, size) => product * size) - c.Integer(2, 1);
        c.Give(c.Graph.Node("Div", [sum, c.Cast(c.Graph.SizeScalar(count), c.DType)]));
    }

    private static void Truth(CallTranslation c, string type) =>
        c.Give(c.Cast(Reduce(c, type, c.Cast(c.Input(0, DType.Bool), DType.Int32), null, false), DType.Bool));

    private static void ArgMax(CallTranslation c) => c.Give(c.Graph.Node(
        "ArgMax", [c.Input(0)], OnnxNode.Attribute("axis", c.Axis(1, Rank(c))), OnnxNode.Attribute("keepdims", c.Flag(2) ? 1L : 0L)));
}
