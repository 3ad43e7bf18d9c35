using Decant.Export.Onnx.Format;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Export.Onnx.Translation;

/// <summary>Attention as the one operator that ONNX Runtime has for it; padding goes in as a mask.</summary>
internal static class AttentionTranslation
{
    /// <summary>Arguments: mask [B, S], heads. Nothing but attention takes what it gives, and attention takes the mask.</summary>
    public static void Bias(CallTranslation c) => c.Give(c.Cast(c.Input(0), DType.Int32));

    /// <summary>Arguments: queries [B, T, H], keys and values [B, S, H], the mask or none, heads, scale.</summary>
    public static void Attention(CallTranslation c) => c.Give(c.Graph.RuntimeNode(
        "MultiHeadAttention",
        c.IsNone(3) ? [c.Input(0), c.Input(1), c.Input(2)] : [c.Input(0), c.Input(1), c.Input(2), "", c.Input(3)],
        OnnxNode.Attribute("num_heads", c.Integer(4)),
        OnnxNode.Attribute("scale", (float)c.Number(5)),
        OnnxNode.Attribute("mask_filter_value", (float)TokenMask.Blocked(DType.Float32))));
}
