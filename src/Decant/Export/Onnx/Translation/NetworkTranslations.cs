using Decant.Export.Onnx.Format;

namespace Decant.Export.Onnx.Translation;

/// <summary>Convolutions, pooling and norms, as they are in evaluation.</summary>
internal static class NetworkTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        ["aten::conv1d"] = c => Convolution(c, 1),
        ["aten::conv2d"] = c => Convolution(c, 2),
        ["aten::max_pool2d"] = c => Pool(c, "MaxPool"),
        ["aten::avg_pool2d"] = c => Pool(c, "AveragePool", OnnxNode.Attribute("count_include_pad", 1L)),
        ["aten::adaptive_avg_pool2d"] = AdaptivePool,
        ["aten::batch_norm"] = BatchNorm,
        ["aten::layer_norm"] = LayerNorm,
        ["aten::dropout"] = Dropout,
    };

    private static void Convolution(CallTranslation c, int dimensions)
    {
        var bias = c.OptionalInput(2);
        var padding = Each(c.Integers(4, [0]), dimensions);
        c.Give(c.Graph.Node(
            "Conv",
            bias.Length > 0 ? [c.Input(0), c.Input(1), bias] : [c.Input(0), c.Input(1)],
            OnnxNode.Attribute("kernel_shape", [.. c.Value(1).Shape.Skip(2).Select(s => s.Constant!.Value)]),
            OnnxNode.Attribute("strides", Each(c.Integers(3, [1]), dimensions)),
            OnnxNode.Attribute("pads", [.. padding, .. padding]),
            OnnxNode.Attribute("dilations", Each(c.Integers(5, [1]), dimensions)),
            OnnxNode.Attribute("group", c.Integer(6, 1))));
    }

    private static void Pool(CallTranslation c, string type, params ReadOnlySpan<AttributeProto> further)
    {
        var kernel = Each(c.Integers(1), 2);
        var padding = Each(c.Integers(3, [0]), 2);
        var strides = c.Integers(2, []);
        AttributeProto[] attributes =
        [
            OnnxNode.Attribute("kernel_shape", kernel), OnnxNode.Attribute("strides", strides.Length == 0 ? kernel : Each(strides, 2)),
            OnnxNode.Attribute("pads", [.. padding, .. padding]), .. further,
        ];
        c.Give(c.Graph.Node(type, [c.Input(0)], attributes));
    }

    // Windows of one size, where the sizes divide; else they differ, which ONNX does not have.
    private static void AdaptivePool(CallTranslation c)
    {
        var (wanted, shape) = (c.Integers(1), c.Value(0).Shape);
        if (wanted is [1, 1])
        {
            c.Give(c.Graph.Node("GlobalAveragePool", [c.Input(0)]));
            return;
        }

        if (shape[2].Constant is not { } height || shape[3].Constant is not { } width || height % wanted[0] != 0 || width % wanted[1] != 0)
        {
            throw new DecantException(
                $"Adaptive pooling of [{shape[2]}, {shape[3]}] to [{string.Join(", ", wanted)}] needs windows of different sizes, which ONNX does not have; pool to a divisor of the size.");
        }

        long[] window = [height / wanted[0], width / wanted[1]];
        c.Give(c.Graph.Node("AveragePool", [c.Input(0)], OnnxNode.Attribute("kernel_shape", window), OnnxNode.Attribute("strides", window)));
    }

    private static void BatchNorm(CallTranslation c)
    {
        if (c.Flag(5))
            throw new DecantException("A batch norm is in training mode; ONNX files are of models in evaluation. Call Eval first.");
        c.Give(c.Graph.Node(
            "BatchNormalization", [c.Input(0), c.Input(1), c.Input(2), c.Input(3), c.Input(4)], OnnxNode.Attribute("epsilon", (float)c.Number(7, 1e-5))));
    }

    private static void LayerNorm(CallTranslation c)
    {
        var axis = -(long)c.Sizes(1).Count;
        var scale = c.IsNone(2) ? c.Graph.Node("ConstantOfShape", [c.Graph.Sizes(c.Sizes(1))], OnnxNode.Attribute("value", Elements.Of(new[] { 1f }, 1))) : c.Input(2);
        c.Give(c.Graph.Node(
            "LayerNormalization", c.IsNone(3) ? [c.Input(0), scale] : [c.Input(0), scale, c.Input(3)],
            OnnxNode.Attribute("axis", axis), OnnxNode.Attribute("epsilon", (float)c.Number(4, 1e-5))));
    }

    private static void Dropout(CallTranslation c)
    {
        if (c.Flag(2))
            throw new DecantException("Dropout is in force; ONNX files are of models in evaluation. Call Eval first.");
        c.Give(c.Input(0));
    }

    // One number stands for all dimensions.
    private static long[] Each(long[] values, int dimensions) => values.Length == dimensions ? values : [.. Enumerable.Repeat(values[0], dimensions)];
}
