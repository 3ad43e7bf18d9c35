using System.Buffers.Binary;
using System.Numerics;

namespace Decant.Runs.Reports.TensorBoard;

/// <summary>TensorFlow's record framing: length (8 bytes), masked CRC of the length, data, masked CRC of the data; little endian.</summary>
internal static class TfRecord
{
    private const int Header = 12, Footer = 4;

    public static byte[] Frame(ReadOnlySpan<byte> data)
    {
        var frame = new byte[Header + data.Length + Footer];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), MaskedCrc(frame.AsSpan(0, 8)));
        data.CopyTo(frame.AsSpan(Header));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(Header + data.Length), MaskedCrc(data));
        return frame;
    }

    /// <summary>CRC-32C (Castagnoli).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Rotated and shifted, because a CRC over data that holds CRCs is weak.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Crc32C(data), 15) + 0xA282EAD8u;
}
