using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace Decant.Teachers.Answers.Packing;

/// <summary>Packs texts: UTF-8, by Brotli where that is smaller.</summary>
internal static class TextCodec
{
    private const int Quality = 5;
    private const int Window = 22;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Packs texts.</summary>
    /// <param name="texts">The texts that a teacher wrote for one question; each of whole characters.</param>
    /// <param name="output">Where to.</param>
    public static void Pack(IReadOnlyList<string> texts, IBufferWriter<byte> output)
    {
        var plain = new ArrayBufferWriter<byte>();
        Varint.Write(plain, texts.Count);
        foreach (var text in texts)
        {
            var bytes = s_strict.GetBytes(text);
            Varint.Write(plain, bytes.Length);
            plain.Write(bytes);
        }

        var small = new byte[BrotliEncoder.GetMaxCompressedLength(plain.WrittenCount)];
        var isSmaller = BrotliEncoder.TryCompress(plain.WrittenSpan, small, out var written, Quality, Window) && written < plain.WrittenCount;
        Varint.Write(output, isSmaller ? plain.WrittenCount : 0);
        output.Write(isSmaller ? small.AsSpan(0, written) : plain.WrittenSpan);
    }

    /// <summary>Unpacks texts.</summary>
    /// <param name="packed">All that was packed.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static string[] Unpack(ReadOnlySpan<byte> packed)
    {
        var size = Varint.Read(ref packed);
        if (size > 0)
            packed = Expand(packed, size);
        var texts = new List<string>();
        for (var count = Varint.Read(ref packed); count > 0; count--)
        {
            var length = Varint.Read(ref packed);
            if (length > packed.Length)
                throw new InvalidDataException($"a text of {length} bytes where {packed.Length} are left");
            try
            {
                texts.Add(s_strict.GetString(packed[..length]));
            }
            catch (DecoderFallbackException error)
            {
                throw new InvalidDataException("a text that is not UTF-8", error);
            }

            packed = packed[length..];
        }

        return packed.IsEmpty ? [.. texts] : throw new InvalidDataException($"{packed.Length} bytes after the last text");
    }

    // Grows as it comes, so that a damaged size takes no memory.
    private static ReadOnlySpan<byte> Expand(ReadOnlySpan<byte> packed, int size)
    {
        var room = new ArrayBufferWriter<byte>();
        var decoder = new BrotliDecoder(); // not 'using var', which would call a copy of it
        try
        {
            while (true)
            {
                var state = decoder.Decompress(packed, room.GetSpan(4096), out var consumed, out var written);
                room.Advance(written);
                packed = packed[consumed..];
                if (room.WrittenCount > size || state is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
                    throw new InvalidDataException("texts that cannot be expanded");
                if (state == OperationStatus.Done)
                    return room.WrittenCount == size && packed.IsEmpty ? room.WrittenSpan : throw new InvalidDataException($"{room.WrittenCount} bytes of texts where {size} are announced");
            }
        }
        finally
        {
            decoder.Dispose();
        }
    }
}
