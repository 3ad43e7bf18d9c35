using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;

namespace Decant.Data;

/// <summary>Images and their labels in the IDX format of MNIST, plain or gzipped.</summary>
/// <remarks>Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits": magic number, sizes (big-endian), bytes.</remarks>
public sealed record IdxOptions : SourceOptions
{
    /// <summary>The file of the images: [N,H,W], or [N,C,H,W], of unsigned bytes.</summary>
    [Description("the IDX file of the images")]
    [LocalPath]
    public required string Images { get; init; }

    /// <summary>The file of the labels: [N] unsigned bytes; null: the images are unlabelled.</summary>
    [Description("the IDX file of the labels")]
    [LocalPath]
    public string? Labels { get; init; }

    /// <summary>The classes in their order; left out: the numbers that occur.</summary>
    [Description("the classes in their order, instead of the numbers that occur")]
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

    public static IdxFile Read(string path, string what, int[] dimensions, CancellationToken cancellationToken) =>
        Parse(SourceFile.ReadUnpacked(path, cancellationToken), path, what, dimensions);

    public static IdxFile Parse(byte[] file, string path, string what, int[] dimensions)
    {
        if (file.Length < 4) throw new DecantException($"{path}: expected an IDX file of {what}, came {file.Length} bytes; fetch the file again.");
        if (file[0] != 0 || file[1] != 0 || file[2] != UnsignedByte || !dimensions.Contains(file[3]))
        {
            var expected = string.Join(" or ", dimensions.Select(d => $"0x0000080{d}"));
            throw new DecantException($"{path}: expected the magic number {expected} of an IDX file of {what}, came 0x{BinaryPrimitives.ReadUInt32BigEndian(file):x8}; {Guess(file)}.");
        }

        var head = 4 + (4 * file[3]);
        if (file.Length < head) throw new DecantException($"{path}: cut off in its head: expected {head} bytes, came {file.Length}; fetch the file again.");
        var sizes = new int[file[3]];
        long length = 1;
        for (var d = 0; d < sizes.Length; d++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4 + (4 * d)));
            if (size is 0 or > int.MaxValue) throw new DecantException($"{path}: its head says that dimension {d + 1} has the size {size:N0}; this is not an IDX file of {what}, or it is damaged.");
            sizes[d] = (int)size;
            length = Math.Min(length * size, long.MaxValue / uint.MaxValue); // stops growing before it overflows
        }

        if (file.Length - head == length) return new IdxFile(sizes, file[head..]);
        var shape = string.Join(" × ", sizes);
        throw new DecantException(file.Length - head < length
            ? $"{path}: cut off: its head says {shape} = {length:N0} bytes of {what}, came {file.Length - head:N0}; fetch the file again."
            : $"{path}: its head says {shape} = {length:N0} bytes of {what}, and {file.Length - head - length:N0} more follow; the file is damaged.");
    }

    private static string Guess(byte[] file) => file switch
    {
        [0, 0, UnsignedByte, 1, ..] => "these are labels: are 'images' and 'labels' exchanged?",
        [0, 0, UnsignedByte, 3 or 4, ..] => "these are images: are 'images' and 'labels' exchanged?",
        [0, 0, >= 0x09 and <= 0x0E, ..] => "only unsigned bytes (type 0x08) are read",
        _ => "this is another kind of file",
    };
}
