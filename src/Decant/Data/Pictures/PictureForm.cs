namespace Decant.Data.Pictures;

/// <summary>Pixels of a decoded picture → an image of the wanted channels and size.</summary>
internal static class PictureForm
{
    private const int PixelBytes = 4;

    /// <summary>An image of a file.</summary>
    /// <exception cref="Sources.RowFaultException">It cannot be decoded.</exception>
    public static ImageContent Of(byte[] file, PictureSourceOptions options)
    {
        var (pixels, height, width) = PictureDecoder.Decode(file);
        var (top, left) = (0, 0);
        var (rows, columns) = (height, width);
        if (options is { Crop: true, Size: not null })
        {
            rows = columns = Math.Min(height, width);
            (top, left) = ((height - rows) / 2, (width - columns) / 2);
        }

        var planes = new byte[options.Channels * rows * columns];
        for (var y = 0; y < rows; y++)
            Split(pixels.AsSpan((((top + y) * width) + left) * PixelBytes, columns * PixelBytes), planes, y * columns, rows * columns, options.Channels);
        if (options.Size is not { } size || (rows == size && columns == size)) return new(planes, options.Channels, rows, columns);
        var resized = ImageResizer.Resize<byte>(planes, options.Channels, (rows, columns), (size, size));
        return new(Array.ConvertAll(resized, value => (byte)Math.Clamp((int)(value + 0.5f), 0, 255)), options.Channels, size, size);
    }

    private static void Split(ReadOnlySpan<byte> row, Span<byte> planes, int start, int plane, int channels)
    {
        for (var (at, x) = (0, start); at < row.Length; (at, x) = (at + PixelBytes, x + 1))
        {
            if (channels == 1)
            {
                planes[x] = Luma(row[at], row[at + 1], row[at + 2]);
                continue;
            }

            for (var c = 0; c < channels; c++) planes[(c * plane) + x] = row[at + c];
        }
    }

    /// <summary>0.299 R + 0.587 G + 0.114 B in steps of 2⁻¹⁶, rounded; a grey pixel stays what it is.</summary>
    private static byte Luma(byte red, byte green, byte blue) => (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
}
