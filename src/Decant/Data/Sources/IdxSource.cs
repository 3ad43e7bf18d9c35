using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>Images and their labels in the IDX format of MNIST, plain or gzipped.</summary>
/// <remarks>Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": magic number, sizes (big-endian), bytes.</remarks>
public sealed record IdxOptions : SourceOptions
{
    /// <summary>The file of the images: [N,H,W], or [N,C,H,W], of unsigned bytes.</summary>
    [Description("IDX file of the images")]
    [LocalPath]
    public required string Images { get; init; }

    /// <summary>The file of the labels: [N] unsigned bytes; null: the images are unlabelled.</summary>
    [Description("IDX file of the labels; absent: unlabelled")]
    [LocalPath]
    public string? Labels { get; init; }

    /// <summary>The classes in their order; left out: the numbers that occur.</summary>
    [Description("class names in order; default: the numbers that occur")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        var images = IdxFile.Read(Images, "images", [3, 4], cancellationToken);
        var labels = Labels is null ? null : IdxFile.Read(Labels, "labels", [1], cancellationToken);
        if (labels is not null && labels.Sizes[0] != images.Sizes[0])
            throw new DecantException($"{Labels}: {labels.Sizes[0]:N0} labels for the {images.Sizes[0]:N0} images of {Images}; they must be as many. Are these two files of the same set?");

        var column = new LabelColumn();
        for (var i = 0; i < images.Sizes[0]; i++) column.Add(labels?.Bytes[i].ToString(CultureInfo.InvariantCulture));
        var (channels, height, width) = images.Sizes is [_, var c, var h, var w] ? (c, h, w) : (1, images.Sizes[1], images.Sizes[2]);
        return Dataset.Create(new ImageStore([images.Bytes], channels, height, width) { Name = Images }, column, Classes);
    }
}

/// <summary>An IDX file of unsigned bytes.</summary>
/// <param name="Sizes">The size along each dimension.</param>
/// <param name="Bytes">The values, in row-major order.</param>
internal sealed record IdxFile(int[] Sizes, byte[] Bytes)
{
    private const byte UnsignedByte = 0x08;
    private const int FirstBytes = 4;
    private const int SizeBytes = 4;

    public static IdxFile Read(string path, string what, int[] dimensions, CancellationToken cancellationToken)
    {
        using var file = new UnpackedFile(path);
        var start = file.Read(FirstBytes, cancellationToken);
        if (start.Length < FirstBytes) throw new DecantException($"{path}: expected an IDX file of {what}, came {start.Length} bytes; fetch the file again.");
        if (start[0] != 0 || start[1] != 0 || start[2] != UnsignedByte || !dimensions.Contains(start[3]))
        {
            var expected = string.Join(" or ", dimensions.Select(d => $"0x0000080{d}"));
            throw new DecantException($"{path}: expected the magic number {expected} of an IDX file of {what}, came 0x{BinaryPrimitives.ReadUInt32BigEndian(start):x8}; {Guess(start)}.");
        }

        var head = file.Read(SizeBytes * start[3], cancellationToken);
        if (head.Length < SizeBytes * start[3])
            throw new DecantException($"{path}: cut off in its head: expected {FirstBytes + (SizeBytes * start[3])} bytes, came {FirstBytes + head.Length}; fetch the file again.");
        var (sizes, length) = ReadSizes(head, path, what);
        return new IdxFile(sizes, Values(file, sizes, length, what, cancellationToken));
    }

    private static (int[] Sizes, long Length) ReadSizes(byte[] head, string path, string what)
    {
        var sizes = new int[head.Length / SizeBytes];
        long length = 1;
        for (var d = 0; d < sizes.Length; d++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(SizeBytes * d));
            if (size is 0 or > int.MaxValue) throw new DecantException($"{path}: its head says that dimension {d + 1} has the size {size:N0}; this is not an IDX file of {what}, or it is damaged.");
            sizes[d] = (int)size;
            length = Math.Min(length * size, long.MaxValue / uint.MaxValue); // stops growing before it overflows
        }

        return (sizes, length);
    }

    /// <summary>As many bytes as the head says; a file that is too short for them is refused before they are read.</summary>
    private static byte[] Values(UnpackedFile file, int[] sizes, long length, string what, CancellationToken cancellationToken)
    {
        var says = $"{file.Path}: its head says {string.Join(" × ", sizes)} = {length:N0} bytes of {what}";
        var head = FirstBytes + (SizeBytes * sizes.Length);
        if (!file.IsPacked && file.MostBytes - head > length)
            throw new DecantException($"{says}, and {file.MostBytes - head - length:N0} more follow; the file is damaged.");
        if (!file.IsPacked && file.MostBytes - head < length)
            throw new DecantException($"{file.Path}: cut off: its head says {string.Join(" × ", sizes)} = {length:N0} bytes of {what}, came {file.MostBytes - head:N0}; fetch the file again.");
        if (length > file.MostBytes - head)
            throw new DecantException($"{says}, which a packed file of its length does not hold; fetch the file again.");
        if (length > Array.MaxLength) throw new DecantException($"{says}, and at most {Array.MaxLength:N0} are held in memory; split the file.");
        var bytes = file.Read(length, cancellationToken);
        if (bytes.Length < length)
            throw new DecantException($"{file.Path}: cut off: its head says {string.Join(" × ", sizes)} = {length:N0} bytes of {what}, came {bytes.Length:N0}; fetch the file again.");
        return file.IsAtEnd() ? bytes : throw new DecantException($"{says}, and more follow; the file is damaged.");
    }

    private static string Guess(byte[] file) => file switch
    {
        [0, 0, UnsignedByte, 1, ..] => "these are labels: are 'images' and 'labels' exchanged?",
        [0, 0, UnsignedByte, 3 or 4, ..] => "these are images: are 'images' and 'labels' exchanged?",
        [0, 0, >= 0x09 and <= 0x0E, ..] => "only unsigned bytes (type 0x08) are read",
        _ => "this is another kind of file",
    };
}
