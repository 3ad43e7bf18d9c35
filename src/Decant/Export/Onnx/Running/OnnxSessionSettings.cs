using Microsoft.ML.OnnxRuntime;

namespace Decant.Export.Onnx.Running;

/// <summary>How ONNX Runtime runs a model.</summary>
internal sealed record OnnxSessionSettings
{
    /// <summary>Threads within an operator; 1. 0: as many as ONNX Runtime takes, one per core.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How far the graph is rewritten when it is opened; 99: all that ONNX Runtime has. 0: not at all.</summary>
    public int Optimization { get; init; } = 99;

    internal SessionOptions Make()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = (GraphOptimizationLevel)Optimization,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
