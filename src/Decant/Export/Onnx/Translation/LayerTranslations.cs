using Decant.Modules;

namespace Decant.Export.Onnx.Translation;

/// <summary>Layers that ONNX has as one operator.</summary>
internal static class LayerTranslations
{
    public static IReadOnlyDictionary<string, Action<CallTranslation>> All { get; } = new Dictionary<string, Action<CallTranslation>>
    {
        [Lstm.OperatorName] = LstmTranslation.Translate,
        [TokenMask.BiasName] = AttentionTranslation.Bias,
        [MultiHeadAttention.OperatorName] = AttentionTranslation.Attention,
    };
}
