namespace Decant.Export.Onnx.Translation;

/// <summary>How each operator of libtorch is said in ONNX, by its name with the overload. One that writes in place has the translation of its sibling that does not.</summary>
internal static class Translations
{
    private static readonly Dictionary<string, Action<CallTranslation>> s_all = new[]
    {
        ElementwiseTranslations.All, ComparisonTranslations.All, CreationTranslations.All, ReductionTranslations.All, SelectionTranslations.All, ShapeTranslations.All,
        MatrixTranslations.All, NetworkTranslations.All, LayerTranslations.All,
    }.SelectMany(family => family).ToDictionary(StringComparer.Ordinal);

    /// <summary>The operators that have one.</summary>
    public static IReadOnlyCollection<string> Known => s_all.Keys;

    /// <summary>The translation; null: there is none.</summary>
    public static Action<CallTranslation>? Find(string op) => s_all.GetValueOrDefault(op) ?? s_all.GetValueOrDefault(NotInPlace(op));

    // aten::add_.Tensor to aten::add.Tensor
    private static string NotInPlace(string op)
    {
        var (name, overload) = op.Split('.', 2) is [var n, var o] ? (n, "." + o) : (op, "");
        return name.TrimEnd('_') + overload;
    }
}
