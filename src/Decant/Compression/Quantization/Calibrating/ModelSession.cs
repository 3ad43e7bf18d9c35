using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Google.Protobuf;

namespace Decant.Compression.Quantization.Calibrating;

/// <summary>Opens models that lie in memory, whatever their size.</summary>
internal static class ModelSession
{
    // A protobuf message ends at 2 GiB; larger models go through a file with their constants beside it.
    private const long MostInMemory = 1_800_000_000;

    /// <summary>Opens a model.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="settings">How it runs; null: with one thread.</param>
    /// <exception cref="DecantException">ONNX Runtime refuses it.</exception>
    public static OnnxSession Open(ModelProto model, OnnxSessionSettings? settings = null)
    {
        if (model.Graph.Initializer.Sum(t => (long)t.RawData.Length) < MostInMemory)
            return OnnxSession.Open(model.ToByteArray(), settings);
        var folder = Directory.CreateTempSubdirectory("decant-onnx-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            OnnxFile.Write(path, model);
            return OnnxSession.Open(path, settings);
        }
        finally
        {
            folder.Delete(recursive: true); // what was mapped stays readable until the session ends
        }
    }
}
