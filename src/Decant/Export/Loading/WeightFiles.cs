using Decant.Export.Adapters;
using Decant.Export.Safetensors;

namespace Decant.Export.Loading;

/// <summary>Which files hold the weights of a folder.</summary>
internal static class WeightFiles
{
    private const string IndexEnd = ".index.json";

    private static readonly string[] s_names = [SafetensorsShards.WeightsName, SafetensorsShards.WeightsName + IndexEnd, "pytorch_model.bin", "pytorch_model.bin" + IndexEnd];
    private static readonly string[] s_endings = [".safetensors", ".bin", ".pt", ".pth", ".th", ".ckpt", ".gguf", ".h5", ".msgpack", ".onnx"];

    public static bool IsIndex(string file) => file.EndsWith(IndexEnd, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a folder has one of the files that weights begin with.</summary>
    public static bool IsIn(string folder) => s_names.Any(n => File.Exists(Path.Combine(folder, n)));

    /// <summary>A file itself, or the one in a folder that its weights begin with.</summary>
    /// <exception cref="DecantException">There is none.</exception>
    public static string Find(string path)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? path : throw new DecantException($"There is no file or folder {path}; expected weights.");
        return s_names.Select(n => Path.Combine(path, n)).FirstOrDefault(Path.Exists)
            ?? throw new DecantException($"{path} has no weights: expected {string.Join(", ", s_names[..^1])} or {s_names[^1]}, {There(path)}.");
    }

    /// <summary>All files that the weights of a file or folder consist of: the index too, where there is one.</summary>
    /// <exception cref="DecantException">There are none, or the index is damaged.</exception>
    public static IReadOnlyList<string> All(string path)
    {
        if (AdapterConfig.IsIn(path) && !IsIn(path))
            return [Path.Combine(path, AdapterConfig.FileName), Path.Combine(path, AdapterConfig.WeightsName), .. All(BaseFolder.Of(path, AdapterConfig.Read(path)))];
        var file = Find(path);
        return IsIndex(file) ? [file, .. ShardIndex.Read(file).Files] : [file];
    }

    private static string There(string folder)
    {
        var like = Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!)
            .Where(n => s_endings.Contains(Path.GetExtension(n).ToLowerInvariant())).Order(StringComparer.Ordinal).Take(5).ToList();
        if (like.Count == 0 && Directory.Exists(Path.Combine(folder, "onnx")))
            return "came ONNX files in onnx/: it is an export, which ONNX Runtime and Decant.Inference open. Name the model that it was made of, such as the student's folder in its run";
        return like.Count == 0 ? "came none of them" : $"came {string.Join(", ", like)}: name the file that is meant";
    }
}
