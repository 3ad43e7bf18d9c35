using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Translation;

/// <summary>Products of matrices.</summary>
internal static class MatrixTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::matmul"] = c => c.Give(c.Graph.Node("MatMul", [c.Input(0), c.Input(1)])),
        ["aten::bmm"] = c => c.Give(c.Graph.Node("MatMul", [c.Input(0), c.Input(1)])),
        ["aten::outer"] = c => c.Give(c.Graph.Node(
            "Mul", [c.Graph.Node("Unsqueeze", [c.Input(0), c.Graph.Integers(1)]), c.Graph.Node("Unsqueeze", [c.Input(1), c.Graph.Integers(0)])])),
        ["aten::addmm"] = AddProduct,
        ["aten::baddbmm"] = AddProduct,
        ["aten::linear"] = Linear,
    };

    // beta·input + alpha·(left·right)
    private static void AddProduct(CallTranslation c)
    {
        var (beta, alpha) = (c.Number(3, 1), c.Number(4, 1));
        var left = alpha == 1 ? c.Input(1) : c.Graph.Node("Mul", [c.Input(1), c.Graph.Scalar(alpha, c.DType)]);
        var product = c.Graph.Node("MatMul", [left, c.Input(2)]);
        if (beta == 0)
        {
            c.Give(product);
            return;
        }

        var added = beta == 1 ? c.Input(0) : c.Graph.Node("Mul", [c.Input(0), c.Graph.Scalar(beta, c.DType)]);
        c.Give(c.Graph.Node("Add", [product, added]));
    }

    // x·Wᵀ + b. Rows are one operator with the weight as it is stored, so that an embedding that is used again stays one constant; others take the transpose.
    private static void Linear(CallTranslation c)
    {
        var (rank, bias) = (c.Value(0).Shape.Count, c.OptionalInput(2));
        if (c.TransposedInput(1) is { } stored)
        {
            var plain = c.Graph.Node("MatMul", [c.Input(0), stored]);
            c.Give(bias.Length > 0 ? c.Graph.Node("Add", [plain, bias]) : plain);
            return;
        }

        if (rank == 2)
        {
            c.Give(c.Graph.Node("Gemm", bias.Length > 0 ? [c.Input(0), c.Input(1), bias] : [c.Input(0), c.Input(1)], OnnxNode.Attribute("transB", 1L)));
            return;
        }

        var product = c.Graph.Node("MatMul", [c.Input(0), Transposed(c)]);
        c.Give(bias.Length > 0 ? c.Graph.Node("Add", [product, bias]) : product);
    }

    private static string Transposed(CallTranslation c) => c.Graph.Once(
        $"transposed {c.Input(1)}", () => c.Graph.Node("Transpose", [c.Input(1)], OnnxNode.Attribute("perm", 1, 0)));
}
