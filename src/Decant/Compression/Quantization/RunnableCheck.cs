using Decant.Compression.Quantization.Calibrating;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;

namespace Decant.Compression.Quantization;

/// <summary>Whether ONNX Runtime opens and runs what was made.</summary>
internal static class RunnableCheck
{
    /// <summary>Opens a model, and runs it with a sample where there is one.</summary>
    /// <exception cref="DecantException">ONNX Runtime refuses it, or the sample does not fit.</exception>
    public static void Require(ModelProto model, IReadOnlyDictionary<string, OnnxArray>? sample)
    {
        using var session = ModelSession.Open(model);
        if (sample is null)
            return;
        SampleCheck.Require(session, sample, 1);
        session.Run(sample);
    }
}
