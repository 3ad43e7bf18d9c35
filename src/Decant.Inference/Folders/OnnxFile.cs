using Decant.Files;

namespace Decant.Inference.Folders;

/// <summary>Which ONNX file of a folder is run.</summary>
internal static class OnnxFile
{
    private const string Standard = "model.onnx";
    private const string Quantized = "model_quantized.onnx";

    /// <summary>The path of the file.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="form">What stands behind <c>model_</c> in its name, such as <c>quantized</c>; null: <c>model.onnx</c>, else <c>model_quantized.onnx</c>, else the only one there is.</param>
    /// <exception cref="DecantException">There is no such file, or several that nothing decides between.</exception>
    public static string Find(string folder, string? form)
    {
        var home = Path.Combine(folder, "onnx");
        string[] there = Directory.Exists(home) ? [.. Directory.EnumerateFiles(home, "model*.onnx").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];
        var name = form is null ? Array.Find([Standard, Quantized], there.Contains) ?? (there.Length == 1 ? there[0] : null) : Array.Find([$"model_{form}.onnx"], there.Contains);
        if (name is null)
        {
            throw new DecantException(
                $"{home}: expected {(form is null ? $"{Standard} or {Quantized}" : $"model_{form}.onnx")}, came {(there.Length == 0 ? "no ONNX file" : string.Join(", ", there))}. " +
                (there.Length > 0 ? "Name one of these with the option Form (what stands behind 'model_')." : "Write one with 'decant export MODEL --to onnx'."));
        }

        var path = Path.Combine(home, name);
        PlaceholderFile.Refuse(path);
        return path;
    }
}
