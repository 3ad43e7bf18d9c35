using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Translation;

/// <summary>Arithmetic and functions of every element. Arguments of different types are converted to that of the result first, as PyTorch does.</summary>
internal static class ElementwiseTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::add.Tensor"] = c => c.Give(c.Graph.Node("Add", [Left(c), Scaled(c, 1, 2)])),
        ["aten::add.Scalar"] = c => Scalar(c, "Add"),
        ["aten::sub.Tensor"] = c => c.Give(c.Graph.Node("Sub", [Left(c), Scaled(c, 1, 2)])),
        ["aten::sub.Scalar"] = c => Scalar(c, "Sub"),
        ["aten::rsub.Scalar"] = c => c.Give(c.Graph.Node("Sub", [c.Scalar(1, c.DType), Left(c)])),
        ["aten::mul.Tensor"] = c => Binary(c, "Mul"),
        ["aten::mul.Scalar"] = c => Scalar(c, "Mul"),
        ["aten::div.Tensor"] = c => Binary(c, "Div"),
        ["aten::div.Scalar"] = c => Scalar(c, "Div"),
        ["aten::maximum"] = c => Binary(c, "Max"),
        ["aten::minimum"] = c => Binary(c, "Min"),
        ["aten::pow.Tensor_Scalar"] = c => c.Give(c.Graph.Node("Pow", [Left(c), c.Scalar(1, c.DType)])),
        ["aten::addcmul"] = c => AddQuotient(c, "Mul"),
        ["aten::addcdiv"] = c => AddQuotient(c, "Div"),
        ["aten::lerp.Scalar"] = Lerp,
        ["aten::square"] = c => c.Give(c.Graph.Node("Mul", [c.Input(0), c.Input(0)])),
        ["aten::rsqrt"] = c => c.Give(c.Graph.Node("Reciprocal", [c.Graph.Node("Sqrt", [c.Input(0, c.DType)])])),
        ["aten::log1p"] = c => c.Give(c.Graph.Node("Log", [c.Graph.Node("Add", [Left(c), c.Graph.Scalar(1, c.DType)])])),
        ["aten::expm1"] = c => c.Give(c.Graph.Node("Sub", [c.Graph.Node("Exp", [Left(c)]), c.Graph.Scalar(1, c.DType)])),
        ["aten::silu"] = c => c.Give(c.Graph.Node("Mul", [c.Input(0), c.Graph.Node("Sigmoid", [c.Input(0)])])),
        ["aten::log_sigmoid"] = c => c.Give(c.Graph.Node("Neg", [c.Graph.Node("Softplus", [c.Graph.Node("Neg", [c.Input(0)])])])),
        ["aten::gelu"] = c => c.Give(c.Graph.Node("Gelu", [c.Input(0)], OnnxNode.Attribute("approximate", c.Text(1, "none")))),
        ["aten::leaky_relu"] = c => c.Give(c.Graph.Node("LeakyRelu", [c.Input(0)], OnnxNode.Attribute("alpha", (float)c.Number(1, 0.01)))),
        ["aten::clamp"] = Clamp,
        ["aten::neg"] = c => Unary(c, "Neg"),
        ["aten::reciprocal"] = c => Unary(c, "Reciprocal"),
        ["aten::exp"] = c => Unary(c, "Exp"),
        ["aten::log"] = c => Unary(c, "Log"),
        ["aten::sqrt"] = c => Unary(c, "Sqrt"),
        ["aten::abs"] = c => Unary(c, "Abs"),
        ["aten::sign"] = c => Unary(c, "Sign"),
        ["aten::sigmoid"] = c => Unary(c, "Sigmoid"),
        ["aten::tanh"] = c => Unary(c, "Tanh"),
        ["aten::sin"] = c => Unary(c, "Sin"),
        ["aten::cos"] = c => Unary(c, "Cos"),
        ["aten::relu"] = c => Unary(c, "Relu"),
        ["aten::erf"] = c => Unary(c, "Erf"),
        ["aten::floor"] = c => Unary(c, "Floor"),
        ["aten::round"] = c => Unary(c, "Round"),
        ["aten::softplus"] = Softplus,
    };

    private static void Unary(CallTranslation c, string type) => c.Give(c.Graph.Node(type, [Left(c)]));

    private static void Binary(CallTranslation c, string type) => c.Give(c.Graph.Node(type, [Left(c), c.Input(1, c.DType)]));

    private static void Scalar(CallTranslation c, string type) => c.Give(c.Graph.Node(type, [Left(c), Scaled(c, 1, 2)]));

    private static string Left(CallTranslation c) => c.Input(0, c.DType);

    // other·alpha, alpha 1 by default
    private static string Scaled(CallTranslation c, int other, int alpha)
    {
        if (!c.IsTensor(other))
            return c.Graph.Scalar(c.Number(other) * c.Number(alpha, 1), c.DType);
        var factor = c.Number(alpha, 1);
        return factor == 1 ? c.Input(other, c.DType) : c.Graph.Node("Mul", [c.Input(other, c.DType), c.Graph.Scalar(factor, c.DType)]);
    }

    // self + value·(first ∘ second)
    private static void AddQuotient(CallTranslation c, string type)
    {
        var term = c.Graph.Node(type, [c.Input(1, c.DType), c.Input(2, c.DType)]);
        if (c.Number(3, 1) is var value and not 1)
            term = c.Graph.Node("Mul", [term, c.Graph.Scalar(value, c.DType)]);
        c.Give(c.Graph.Node("Add", [Left(c), term]));
    }

    // self + weight·(end − self)
    private static void Lerp(CallTranslation c)
    {
        var step = c.Graph.Node("Mul", [c.Graph.Node("Sub", [c.Input(1), c.Input(0)]), c.Scalar(2, c.DType)]);
        c.Give(c.Graph.Node("Add", [c.Input(0), step]));
    }

    private static void Clamp(CallTranslation c)
    {
        var (least, most) = (c.OptionalNumber(1), c.OptionalNumber(2));
        c.Give(c.Graph.Node("Clip", [Left(c), least is { } l ? c.Graph.Scalar(l, c.DType) : "", most is { } m ? c.Graph.Scalar(m, c.DType) : ""]));
    }

    private static void Softplus(CallTranslation c)
    {
        if (c.Number(1, 1) != 1)
            throw new DecantException("Softplus with another beta than 1 is not exported to ONNX.");
        c.Give(c.Graph.Node("Softplus", [c.Input(0)]));
    }
}
