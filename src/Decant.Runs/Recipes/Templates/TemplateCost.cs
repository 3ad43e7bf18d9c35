using System.Buffers.Binary;
using System.IO.Compression;
using Decant.Files;

namespace Decant.Runs.Recipes.Templates;

/// <summary>How long one seed of a template's recipe takes, roughly: by the size of the data and the operations of the template's models.</summary>
/// <param name="Teacher">The training of the teacher, seconds.</param>
/// <param name="Students">That of student and control together, seconds.</param>
internal sealed record TemplateCost(double Teacher, double Students)
{
    // What two cores reach in training with good kernels, at the lower end.
    private const double OperationsPerSecond = 25e9;

    // Seconds per sample of a training beside the model's own work: batches, updates, small operators.
    private const double SecondsPerSample = 2e-4;
    private const double Longest = 3600;
    private const double TrainingShare = 0.7;
    private const int MaxTokens = 128;
    private const double BytesPerToken = 4;
    private const int CifarRecord = 3073;

    /// <summary>Of texts: a line is a sample, four bytes are a token, and longer texts are cut.</summary>
    /// <param name="path">The data.</param>
    public static TemplateCost OfText(string path)
    {
        var (lines, bytes) = Measure(path);
        var tokens = TrainingShare * Math.Min(bytes / BytesPerToken, (double)lines * MaxTokens);
        const double Wide = 256 * 256 * 12 * 2; // forward, per token: convolutions of widths 3, 4 and 5
        const double Narrow = 64 * 64 * 12 * 2;
        return Of(TrainingShare * lines, (8 * 3 + 1) * Wide * tokens, 8, 2 * 6 * 3 * Narrow * tokens, 2 * 6);
    }

    /// <summary>Of images; null where their number cannot be read from the file.</summary>
    /// <param name="path">The data.</param>
    /// <param name="isIdx">Whether it is an IDX file; else CIFAR's.</param>
    public static TemplateCost? OfImages(string path, bool isIdx)
    {
        var count = TrainingShare * (isIdx ? IdxCount(path) : new FileInfo(path).Length / CifarRecord);
        var (teacher, student) = isIdx ? (8.5e6, 1.5e6) : (138e6, 25e6); // forward, per image: the CNNs, or ResNets of depth 32 and 8
        return count <= 0 ? null : Of(count, (10 * 3 + 1) * teacher * count, 10, 2 * 10 * 3 * student * count, 2 * 10);
    }

    /// <summary>The line of the seeds, and that of the teacher's seed, which is empty where each seed has a teacher of its own.</summary>
    /// <param name="cost">What one seed costs; null: not known.</param>
    public static (string Seeds, string TeacherSeed) Lines(TemplateCost? cost)
    {
        const string Why = "one training says nothing about the next";
        const string Once = "  seed: 1                                 # trained once, and shared by all seeds; without this each seed trains its own\n";
        if (cost is null)
            return ($"seeds: [1, 2, 3]                          # {Why}; 'decant check' estimates the time", "");
        var (each, three, shared) = (cost.Teacher + cost.Students, 3 * (cost.Teacher + cost.Students), cost.Teacher + 3 * cost.Students);
        return three <= Longest ? ($"seeds: [1, 2, 3]                          # {Why}; each takes about {Words(each)}, 'decant check' measures it", "")
            : shared <= Longest ? ($"seeds: [1, 2, 3]                          # {Why}; each takes about {Words(cost.Students)} beside the teacher's {Words(cost.Teacher)}, 'decant check' measures it", Once)
            : ($"seed: 1                                   # takes about {Words(each)}, 'decant check' measures it; a verdict needs seeds: [1, 2, 3]", "");
    }

    private static TemplateCost Of(double samples, double teacher, int teacherEpochs, double students, int studentEpochs) =>
        new(teacher / OperationsPerSecond + teacherEpochs * samples * SecondsPerSample, students / OperationsPerSecond + studentEpochs * samples * SecondsPerSample);

    private static string Words(double seconds) => seconds switch
    {
        < 90 => $"{Math.Max(1, Math.Ceiling(seconds)):0} s",
        < 5400 => $"{Math.Ceiling(seconds / 60):0} min",
        _ => FormattableString.Invariant($"{seconds / 3600:0.0} h"),
    };

    private static (long Lines, long Bytes) Measure(string path)
    {
        using var file = Open(path);
        var buffer = new byte[1 << 16];
        long lines = 0, bytes = 0;
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            bytes += read;
        }

        return (lines, bytes);
    }

    /// <summary>The first dimension of an IDX file; 0 where it has none.</summary>
    private static long IdxCount(string path)
    {
        using var file = Open(path);
        var head = new byte[8];
        try
        {
            using Stream unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length ? BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4)) : 0;
        }
        catch (InvalidDataException error)
        {
            throw new DecantException($"{path}: the gzip data is damaged ({error.Message}); fetch the file again.", inner: error);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return RegularFile.Open(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{path}: the data cannot be read: {fault.Message}", ExitCodes.BadInput, fault);
        }
    }
}
