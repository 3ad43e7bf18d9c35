using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Reports.Html.Elements;

/// <summary>A small picture as a PNG in a data URI.</summary>
internal static class Png
{
    /// <summary>The URI, or null where the thumbnail's numbers do not fit together.</summary>
    public static string? DataUri(Thumbnail image)
    {
        if (image.Channels is not (1 or 3) || image.Height is < 1 or > 1024 || image.Width is < 1 or > 1024
            || image.Pixels is null || image.Pixels.Length != image.Channels * image.Height * image.Width)
            return null;
        return "data:image/png;base64," + Convert.ToBase64String(Encode(image));
    }

    private static byte[] Encode(Thumbnail image)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        (header[8], header[9]) = (8, (byte)(image.Channels == 1 ? 0 : 2)); // bits per channel; grey or colour
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", Compress(Scanlines(image)));
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>From channel by channel to pixel by pixel, each row led by its filter (none).</summary>
    private static byte[] Scanlines(Thumbnail image)
    {
        var (channels, height, width) = (image.Channels, image.Height, image.Width);
        var rows = new byte[height * (1 + width * channels)];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < channels; c++)
                    rows[y * (1 + width * channels) + 1 + x * channels + c] = image.Pixels[(c * height + y) * width + x];
        return rows;
    }

    private static byte[] Compress(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
            zlib.Write(data);
        return packed.ToArray();
    }

    private static void Chunk(MemoryStream png, string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(content));
        png.Write(number);
    }

    private static uint Crc32(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
        }
        return ~crc;
    }
}
