using Decant.Compression.Quantization;
using Decant.Export.Onnx.Format;

namespace Decant.Runs.Exporting.CSharp;

/// <summary>The one ONNX file of a model that a project is written around.</summary>
/// <param name="Path">It.</param>
/// <param name="Form">How its weights are stored: <c>float32</c>, <c>int8</c> ….</param>
internal sealed record ChosenFile(string Path, string Form)
{
    /// <summary>The bytes of the model, constants that lie beside it included.</summary>
    public long Bytes => Parts.Sum(part => new FileInfo(part).Length);

    /// <summary>It and the file of constants beside it, where there is one.</summary>
    public IEnumerable<string> Parts
    {
        get
        {
            var beside = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, OnnxFile.DataName(Path));
            return File.Exists(beside) ? [Path, beside] : [Path];
        }
    }

    /// <summary>The file among those that were exported: int8 where that is there, else the first form that was wanted, else float32.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="wanted">The forms that were wanted; none: int8, if it is there.</param>
    public static ChosenFile Of(string folder, IReadOnlyList<QuantizationOptions> wanted)
    {
        var form = wanted.FirstOrDefault(f => f is StaticInt8) ?? (wanted.Count > 0 ? wanted[0] : new StaticInt8());
        var path = System.IO.Path.Combine(folder, OnnxFiles.Of(form));
        return File.Exists(path) ? new(path, NameOf(form)) : new(System.IO.Path.Combine(folder, OnnxFiles.Float32), "float32");
    }

    /// <summary>Whether a model's folder has files that were exported from the weights in it.</summary>
    public static bool IsIn(string folder)
    {
        var (file, weights) = (Of(folder, []).Path, System.IO.Path.Combine(folder, Decant.Export.ModelFolder.WeightsName));
        return File.Exists(file) && File.Exists(weights) && File.GetLastWriteTimeUtc(file) >= File.GetLastWriteTimeUtc(weights);
    }

    private static string NameOf(QuantizationOptions form) => form switch
    {
        StaticInt8 => "int8",
        DynamicInt8 => "int8 (dynamic)",
        HalfWeights { Format: HalfFormat.Float16 } => "float16",
        HalfWeights => "bfloat16",
        BlockInt { Bits: var bits } => FormattableString.Invariant($"int{bits} (weights alone)"),
        _ => form.GetType().Name,
    };
}
