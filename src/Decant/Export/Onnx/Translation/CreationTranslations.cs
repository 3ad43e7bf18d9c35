using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Symbolic;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>Tensors that are made of a size and a number. What <c>empty</c> leaves open is 0.</summary>
internal static class CreationTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::zeros"] = c => c.Give(Filled(c, c.Sizes(0), 0)),
        ["aten::ones"] = c => c.Give(Filled(c, c.Sizes(0), 1)),
        ["aten::empty.memory_format"] = c => c.Give(Filled(c, c.Sizes(0), 0)),
        ["aten::full"] = c => c.Give(Filled(c, c.Sizes(0), c.Number(1))),
        ["aten::zeros_like"] = c => c.Give(Like(c, 0)),
        ["aten::ones_like"] = c => c.Give(Like(c, 1)),
        ["aten::empty_like"] = c => c.Give(Like(c, 0)),
        ["aten::fill.Scalar"] = c => c.Give(Like(c, c.Number(1))),
        ["aten::zero"] = c => c.Give(Like(c, 0)),
        ["aten::arange.start_step"] = c => c.Give(c.Graph.Node("Range", [Limit(c, 0), Limit(c, 1), Limit(c, 2)])),
        ["aten::eye"] = c => c.Give(c.Graph.Node("EyeLike", [Filled(c, [c.Size(0), c.Size(0)], 0)])),
        ["aten::copy"] = Copy,
    };

    /// <summary>A tensor of one number.</summary>
    public static string Filled(CallTranslation c, IReadOnlyList<Size> shape, double value) =>
        c.Graph.Node("ConstantOfShape", [c.Graph.Sizes(shape)], OnnxNode.Attribute("value", One(value, c.DType)));

    private static string Like(CallTranslation c, double value) => c.Graph.Node("ConstantOfShape", [c.Graph.Node("Shape", [c.Input(0)])], OnnxNode.Attribute("value", One(value, c.DType)));

    private static TensorProto One(double value, DType dtype)
    {
        var one = Elements.Scalar(value, dtype);
        one.Dims.Add(1);
        return one;
    }

    private static string Limit(CallTranslation c, int argument)
    {
        var limit = c.Graph.SizeScalar(c.Size(argument));
        return c.DType == DType.Int64 ? limit : c.Cast(limit, c.DType);
    }

    // The source in the shape and type of what it is written into.
    private static void Copy(CallTranslation c) => c.Give(c.Graph.Node("Expand", [c.Input(1, c.DType), c.Graph.Sizes(c.Shape)]));
}
