using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Decant.Export.Onnx.Format;

/// <summary>Constants of a graph: made from arrays, and read back.</summary>
internal static class OnnxTensor
{
    /// <summary>float32.</summary>
    public static TensorProto Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Make(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>int64.</summary>
    public static TensorProto Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => Make(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>int32.</summary>
    public static TensorProto Of(string name, ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) => Make(name, TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), shape);

    /// <summary>int8.</summary>
    public static TensorProto Of(string name, ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape) => Make(name, TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values), shape);

    /// <summary>uint8.</summary>
    public static TensorProto Of(string name, ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape) => Make(name, TensorProto.Types.DataType.Uint8, values, shape);

    /// <summary>Any type, its elements as they lie in the file: little-endian, row by row.</summary>
    public static TensorProto Make(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        foreach (var size in shape)
            tensor.Dims.Add(size);
        return tensor;
    }

    /// <summary>The number of elements.</summary>
    public static long CountOf(TensorProto tensor) => tensor.Dims.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The float32 elements.</summary>
    /// <exception cref="DecantException">It is of another type, or has another number of elements than its shape says.</exception>
    public static float[] Floats(TensorProto tensor)
    {
        Require(tensor, TensorProto.Types.DataType.Float);
        return Elements(tensor, tensor.FloatData);
    }

    /// <summary>The int64 elements.</summary>
    /// <exception cref="DecantException">It is of another type, or has another number of elements than its shape says.</exception>
    public static long[] Longs(TensorProto tensor)
    {
        Require(tensor, TensorProto.Types.DataType.Int64);
        return Elements(tensor, tensor.Int64Data);
    }

    private static T[] Elements<T>(TensorProto tensor, IReadOnlyCollection<T> field) where T : unmanaged
    {
        T[] values = tensor.HasRawData && tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray() : [.. field];
        return values.Length == CountOf(tensor)
            ? values
            : throw new DecantException($"The ONNX constant '{tensor.Name}' has {values.Length} elements where its shape [{string.Join(", ", tensor.Dims)}] needs {CountOf(tensor)}. The file is damaged; export it again.");
    }

    private static void Require(TensorProto tensor, TensorProto.Types.DataType type)
    {
        if (tensor.DataType != (int)type)
            throw new DecantException($"The ONNX constant '{tensor.Name}' is of type {(TensorProto.Types.DataType)tensor.DataType}; {type} was expected.");
    }
}
