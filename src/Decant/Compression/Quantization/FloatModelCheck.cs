using Decant.Export.Onnx.Format;

namespace Decant.Compression.Quantization;

/// <summary>Whether a model is one that can be quantized: float32, and not yet quantized.</summary>
internal static class FloatModelCheck
{
    // Scales per channel came with it.
    private const long LeastOpset = 13;

    private static readonly HashSet<string> s_quantized =
    [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv",
        "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulIntegerToFloat", "QGemm", "QAttention",
    ];

    /// <summary>Refuses others.</summary>
    /// <exception cref="DecantException">It is quantized, of half precision, or of an old opset.</exception>
    public static void Require(ModelProto model)
    {
        if (model.Graph.Node.FirstOrDefault(n => s_quantized.Contains(n.OpType)) is { } node)
            throw new DecantException($"The model is quantized already: its node '{node.Name}' is a {node.OpType}. A float32 model was expected; quantize the one that this was made from.");
        if (model.Graph.Initializer.FirstOrDefault(t => t.DataType is (int)TensorProto.Types.DataType.Float16 or (int)TensorProto.Types.DataType.Bfloat16) is { } half)
            throw new DecantException($"The constant '{half.Name}' is of type {(TensorProto.Types.DataType)half.DataType}; a float32 model was expected. Export it in float32.");
        if (model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version is var version and not >= LeastOpset)
            throw new DecantException($"The model is of opset {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(none)"}; {LeastOpset} or later was expected, as scales per channel came with it. Export it with a later opset.");
    }
}
