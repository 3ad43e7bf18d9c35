using System.Runtime.InteropServices;
using Decant.Data.Sources;
using SkiaSharp;

namespace Decant.Data.Pictures;

/// <summary>An encoded picture → its pixels, upright, without transparency: [H, W, 4] bytes, of which the first three are red, green and blue.</summary>
internal static class PictureDecoder
{
    /// <summary>The most pixels of a picture: a photograph has 12 to 50 million.</summary>
    public const int MostPixels = 100_000_000;

    private const int PixelBytes = 4;
    private const int White = 255;

    /// <summary>Decodes a picture.</summary>
    /// <exception cref="RowFaultException">It is no picture that is read, or is damaged or too large.</exception>
    public static (byte[] Pixels, int Height, int Width) Decode(byte[] file)
    {
        using var stream = new MemoryStream(file);
        using var codec = SKCodec.Create(stream, out var opened) ?? throw new RowFaultException(opened == SKCodecResult.Unimplemented
            ? "expected PNG, JPEG, BMP, WebP or GIF, came another kind of file"
            : $"the picture is damaged or cut off ({opened})");
        var (height, width) = (codec.Info.Height, codec.Info.Width);
        if (height < 1 || width < 1 || (long)height * width > MostPixels)
            throw new RowFaultException($"the picture has {width:N0} × {height:N0} pixels, and at most {MostPixels:N0} are decoded; make it smaller");
        var pixels = new byte[height * width * PixelBytes];
        var pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            // Without a colour space of its own the target takes the numbers as they stand in the file.
            var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), pinned.AddrOfPinnedObject());
            if (result != SKCodecResult.Success) throw new RowFaultException($"the picture is damaged or cut off ({result})");
        }
        finally
        {
            pinned.Free();
        }

        if (codec.Info.AlphaType != SKAlphaType.Opaque) OverWhite(pixels);
        return Upright(pixels, height, width, codec.EncodedOrigin);
    }

    private static void OverWhite(Span<byte> pixels)
    {
        for (var at = 0; at < pixels.Length; at += PixelBytes)
        {
            var alpha = pixels[at + 3];
            for (var c = 0; c < 3; c++) pixels[at + c] = (byte)(((pixels[at + c] * alpha) + (White * (255 - alpha)) + 127) / 255);
        }
    }

    /// <summary>Turns and mirrors: an origin names the row and the column of the upright picture that the stored first row and first column are.</summary>
    private static (byte[] Pixels, int Height, int Width) Upright(byte[] pixels, int height, int width, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft) return (pixels, height, width);
        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (rows, columns) = isTurned ? (width, height) : (height, width);
        var upright = new byte[pixels.Length];
        ReadOnlySpan<int> from = MemoryMarshal.Cast<byte, int>(pixels);
        var to = MemoryMarshal.Cast<byte, int>(upright.AsSpan());
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var (sourceRow, sourceColumn) = origin switch
                {
                    SKEncodedOrigin.TopRight => (y, width - 1 - x),
                    SKEncodedOrigin.BottomRight => (height - 1 - y, width - 1 - x),
                    SKEncodedOrigin.BottomLeft => (height - 1 - y, x),
                    SKEncodedOrigin.LeftTop => (x, y),
                    SKEncodedOrigin.RightTop => (height - 1 - x, y),
                    SKEncodedOrigin.RightBottom => (height - 1 - x, width - 1 - y),
                    SKEncodedOrigin.LeftBottom => (x, width - 1 - y),
                    _ => (y, x),
                };
                to[(y * columns) + x] = from[(sourceRow * width) + sourceColumn];
            }
        }

        return (upright, rows, columns);
    }
}
