using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Export.Onnx.Running;

/// <summary>Arrays as ONNX Runtime's values, and back.</summary>
internal static class OnnxValues
{
    /// <summary>A value over the array's memory, which is pinned until it is disposed.</summary>
    public static OrtValue Of(OnnxArray array) => array.Values switch
    {
        float[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        int[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        long[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        bool[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        byte[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        sbyte[] values => OrtValue.CreateTensorValueFromMemory(values, array.Shape),
        var other => throw new ArgumentException($"Arrays of {other.GetType().GetElementType()} are not served.", nameof(array)),
    };

    /// <summary>A copy of a value.</summary>
    public static OnnxArray Read(OrtValue value)
    {
        var about = value.GetTensorTypeAndShape();
        return new OnnxArray(
            about.ElementDataType switch
            {
                TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
                TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
                TensorElementType.Bool => value.GetTensorDataAsSpan<bool>().ToArray(),
                TensorElementType.UInt8 => value.GetTensorDataAsSpan<byte>().ToArray(),
                TensorElementType.Int8 => value.GetTensorDataAsSpan<sbyte>().ToArray(),
                var other => throw new DecantException($"An output of ONNX Runtime is of type {other}, which is not read."),
            },
            about.Shape);
    }
}
