using System.ComponentModel;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>The labels that a CIFAR file has.</summary>
public enum CifarLabels
{
    /// <summary>CIFAR-10: ten classes, one label byte an image.</summary>
    Cifar10,

    /// <summary>CIFAR-100's hundred fine classes, the second of its two label bytes.</summary>
    Cifar100Fine,

    /// <summary>CIFAR-100's twenty coarse classes, the first of its two label bytes.</summary>
    Cifar100Coarse,
}

/// <summary>The official binary files of CIFAR-10 and CIFAR-100: label bytes, then 3 × 32 × 32 pixels.</summary>
/// <remarks>Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images", and the data's web page.</remarks>
public sealed record CifarOptions : SourceOptions
{
    private const int Channels = 3;
    private const int Side = 32;
    private const int ImageBytes = Channels * Side * Side;

    /// <summary>The files, one after another.</summary>
    [Description("binary files, read in this order")]
    [LocalPath]
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Which labels the files have; default: CIFAR-10.</summary>
    [Description("label set")]
    public CifarLabels Labels { get; init; } = CifarLabels.Cifar10;

    /// <summary>The names of the classes in the order of their numbers; left out: CIFAR-10's own names, or CIFAR-100's numbers.</summary>
    [Description("class names in the order of their numbers")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        if (Files.Count == 0) throw new DecantException("cifar: 'files' is an empty list; name the binary files.");
        var names = ClassList.Check(Classes ?? OfficialNames(), "cifar");
        var blocks = new byte[Files.Count][];
        var column = new LabelColumn();
        for (var i = 0; i < blocks.Length; i++) blocks[i] = ReadFile(Files[i], names, column, cancellationToken);
        return Dataset.Create(new ImageStore(blocks, Channels, Side, Side) { Name = string.Join(", ", Files) }, column, names);
    }

    private byte[] ReadFile(string path, IReadOnlyList<string> names, LabelColumn column, CancellationToken cancellationToken)
    {
        using var unpacked = new UnpackedFile(path);
        var file = unpacked.ReadAll(cancellationToken);
        var labelBytes = Labels == CifarLabels.Cifar10 ? 1 : 2;
        var recordBytes = labelBytes + ImageBytes;
        if (file.Length == 0 || file.Length % recordBytes != 0)
            throw new DecantException($"{path}: expected records of {recordBytes:N0} bytes ({Labels}), came {file.Length:N0} bytes, "
                + $"{file.Length % recordBytes:N0} too many for {file.Length / recordBytes:N0} records; is the file cut off, or of the other CIFAR?");

        var pixels = new byte[file.Length / recordBytes * ImageBytes];
        for (var i = 0; i * recordBytes < file.Length; i++)
        {
            var record = file.AsSpan(i * recordBytes, recordBytes);
            var label = record[Labels == CifarLabels.Cifar100Fine ? 1 : 0];
            if (label >= names.Count) throw new DecantException($"{path}: record {i + 1} has the label {label}, and there are {names.Count} classes ({Labels}); is this the other CIFAR?");
            column.Add(names[label]);
            record[labelBytes..].CopyTo(pixels.AsSpan(i * ImageBytes));
        }

        return pixels;
    }

    private string[] OfficialNames() => Labels switch
    {
        CifarLabels.Cifar10 => ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        CifarLabels.Cifar100Fine => Numbers(100),
        _ => Numbers(20),
    };

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
}
