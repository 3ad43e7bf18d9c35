using System.Runtime.InteropServices;
using Decant.Export.Onnx.Format;
using Decant.Torch;
using static Decant.Export.Onnx.Format.TensorProto.Types;

namespace Decant.Export.Onnx.Translation;

/// <summary>Types of elements in both worlds, and constants of arrays.</summary>
internal static class Elements
{
    /// <summary>The format's name of a type.</summary>
    /// <exception cref="DecantException">It has none that is served.</exception>
    public static DataType TypeOf(DType dtype) => dtype switch
    {
        DType.Float32 => DataType.Float,
        DType.Float64 => DataType.Double,
        DType.Int64 => DataType.Int64,
        DType.Int32 => DataType.Int32,
        DType.Bool => DataType.Bool,
        DType.UInt8 => DataType.Uint8,
        _ => throw new DecantException($"Tensors of type {dtype} are not exported to ONNX; float32, float64, int64, int32, uint8 and bool are."),
    };

    /// <summary>Whether a type has fractions.</summary>
    public static bool IsReal(DType dtype) => dtype is DType.Float32 or DType.Float64;

    /// <summary>A constant of an array.</summary>
    /// <param name="values">float[], double[], long[], int[], bool[] or byte[], row by row.</param>
    /// <param name="shape">Its sizes.</param>
    public static TensorProto Of(Array values, params ReadOnlySpan<long> shape) => values switch
    {
        float[] v => OnnxTensor.Of("", v, shape),
        long[] v => OnnxTensor.Of("", v, shape),
        int[] v => OnnxTensor.Of("", v, shape),
        byte[] v => OnnxTensor.Of("", v, shape),
        double[] v => OnnxTensor.Make("", DataType.Double, MemoryMarshal.AsBytes(v.AsSpan()), shape),
        bool[] v => OnnxTensor.Make("", DataType.Bool, MemoryMarshal.AsBytes(v.AsSpan()), shape),
        _ => throw new ArgumentException($"Arrays of {values.GetType().GetElementType()} are not served.", nameof(values)),
    };

    /// <summary>A number without dimensions.</summary>
    public static TensorProto Scalar(double value, DType dtype) => dtype switch
    {
        DType.Float32 => Of(new[] { (float)value }),
        DType.Float64 => Of(new[] { value }),
        DType.Int64 => Of(new[] { (long)value }),
        DType.Int32 => Of(new[] { (int)value }),
        DType.UInt8 => Of(new[] { (byte)value }),
        DType.Bool => Of(new[] { value != 0 }),
        _ => throw new DecantException($"Tensors of type {dtype} are not exported to ONNX."),
    };

    /// <summary>The elements of a tensor.</summary>
    public static Array Read(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => tensor.ToArray<float>(),
        DType.Float64 => tensor.ToArray<double>(),
        DType.Int64 => tensor.ToArray<long>(),
        DType.Int32 => tensor.ToArray<int>(),
        DType.Bool => tensor.ToArray<bool>(),
        DType.UInt8 => tensor.ToArray<byte>(),
        _ => throw new DecantException($"A parameter or buffer of type {tensor.DType} is not exported to ONNX; load the model in float32."),
    };
}
