using Decant.Compression.Quantization;

namespace Decant.Runs.Exporting;

/// <summary>Where the ONNX files of a model lie in its folder: as transformers.js and Hugging Face's tools look for them, by the ends of their names.</summary>
internal static class OnnxFiles
{
    /// <summary>The folder of the files, in that of the model.</summary>
    public const string Folder = "onnx";

    /// <summary>The file of the model in float32.</summary>
    public static string Float32 { get; } = Path.Combine(Folder, "model.onnx");

    /// <summary>The file of a form.</summary>
    /// <param name="options">How it is compressed; null: not at all.</param>
    public static string Of(QuantizationOptions? options) => options is null ? Float32 : Path.Combine(Folder, $"model_{options.FileSuffix}.onnx");
}
