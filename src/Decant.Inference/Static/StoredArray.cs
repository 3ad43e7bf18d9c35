using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Decant.Inference.Static;

/// <summary>A tensor of a safetensors file.</summary>
/// <param name="Type">The format's name of its elements, such as F32 or I8.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Bytes">Its elements, little-endian.</param>
internal sealed record StoredArray(string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How many bytes an element of a type has; 0: it is not read here.</summary>
    public static int Size(string type) => type switch
    {
        "F64" or "I64" => 8,
        "F32" or "I32" => 4,
        "F16" or "BF16" or "I16" => 2,
        "I8" or "U8" => 1,
        _ => 0,
    };

    /// <summary>The elements as float32.</summary>
    public float[] Floats()
    {
        var bytes = Bytes.Span;
        var numbers = new float[bytes.Length / Size(Type)];
        if (Type == "F32" && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(numbers);
            return numbers;
        }

        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Number(bytes, i);
        return numbers;
    }

    /// <summary>The elements as whole numbers.</summary>
    public int[] Integers()
    {
        var bytes = Bytes.Span;
        var numbers = new int[bytes.Length / Size(Type)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = checked((int)Whole(bytes, i));
        return numbers;
    }

    private float Number(ReadOnlySpan<byte> bytes, int i) => Type switch
    {
        "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * 2)..]),
        "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]) << 16),
        _ => Whole(bytes, i),
    };

    private long Whole(ReadOnlySpan<byte> bytes, int i) => Type switch
    {
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * 8)..]),
        "I32" => BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]),
        "I16" => BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]),
        "I8" => (sbyte)bytes[i],
        "U8" => bytes[i],
        _ => throw new DecantException($"Expected whole numbers, came {Type}."),
    };
}
