using Decant.Export.Onnx.Format;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace Decant.Tests.Compression.Quantization;

/// <summary>What ONNX Runtime makes of a model before it runs it.</summary>
internal static class OptimizedGraph
{
    /// <summary>The operators, in their order.</summary>
    public static IReadOnlyList<string> Operators(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "optimized.onnx");
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            OptimizedModelFilePath = path,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using (new InferenceSession(model.ToByteArray(), options))
        {
        }

        return [.. OnnxFile.Read(path).Graph.Node.Select(n => n.OpType)];
    }
}
