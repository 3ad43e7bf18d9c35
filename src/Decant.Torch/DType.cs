using System.Runtime.Serialization;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>The type of a tensor's elements; the numbers are libtorch's <c>c10::ScalarType</c>.</summary>
public enum DType
{
    /// <summary>8 bits, unsigned.</summary>
    UInt8 = 0,

    /// <summary>8 bits, signed.</summary>
    Int8 = 1,

    /// <summary>16 bits, signed.</summary>
    Int16 = 2,

    /// <summary>32 bits, signed.</summary>
    Int32 = 3,

    /// <summary>64 bits, signed: indices, labels and token ids.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>IEEE single precision: the default of weights and activations.</summary>
    Float32 = 6,

    /// <summary>IEEE double precision.</summary>
    Float64 = 7,

    /// <summary>True or false, one byte.</summary>
    Bool = 11,

    /// <summary>Brain floating point: the exponent of single precision, 8 bits of mantissa.</summary>
    [EnumMember(Value = "bfloat16")]
    BFloat16 = 15,
}

/// <summary>Properties of a <see cref="DType"/>.</summary>
internal static class DTypes
{
    /// <summary>The bytes of one element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        DType.Int16 or DType.Float16 or DType.BFloat16 => 2,
        DType.Int32 or DType.Float32 => 4,
        DType.Int64 or DType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "unknown element type"),
    };

    /// <summary>Whether the type is a floating-point one, and so can carry gradients.</summary>
    public static bool IsFloatingPoint(this DType dtype) => dtype is DType.Float16 or DType.Float32 or DType.Float64 or DType.BFloat16;

    /// <summary>The same for the bridge.</summary>
    internal static ElementType ToElementType(this DType dtype) => new((int)dtype, dtype.Size(), dtype.ToString());

    /// <summary>The dtype of a .NET element type.</summary>
    /// <exception cref="ArgumentException">The type has no counterpart.</exception>
    public static DType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(short)) return DType.Int16;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(sbyte)) return DType.Int8;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(Half)) return DType.Float16;
        if (typeof(T) == typeof(BFloat16)) return DType.BFloat16;
        throw new ArgumentException($"{typeof(T)} is no element type of a tensor; expected float, double, long, int, short, byte, sbyte, bool, Half or BFloat16.");
    }
}
