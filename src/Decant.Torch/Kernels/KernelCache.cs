using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decant.Torch.Kernels;

/// <summary>What was found out about a BLAS on a processor.</summary>
internal sealed record KernelFindings
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Everything that they hold for; see <see cref="KernelCache.Key"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The BLAS.</summary>
    public required BlasLocation Location { get; init; }

    /// <summary>The stamps of its files: path, size, time of change.</summary>
    public required string Files { get; init; }

    /// <summary>What was tried; none with another BLAS than OpenBLAS.</summary>
    public required IReadOnlyList<KernelTrial> Trials { get; init; }
}

/// <summary>Remembers findings in the user's cache, a file for each processor and bridge, so that they are measured once.</summary>
/// <param name="folder">Where; null: nothing is remembered.</param>
internal sealed class KernelCache(string? folder)
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(60);

    /// <summary>What findings hold for: the processor, and all that decides which BLAS is loaded.</summary>
    public static string Key(Processor processor, string bridge, Func<string, string?> environment) => string.Join('\n',
        processor.Architecture,
        processor.Model,
        string.Join(' ', processor.Features.Order(StringComparer.Ordinal)),
        Stamp(bridge),
        Stamp(Path.Combine(Path.GetDirectoryName(bridge) ?? "", "libtorch")),
        environment("LD_LIBRARY_PATH") ?? "",
        environment("LD_PRELOAD") ?? "");

    /// <summary>The stamps of a BLAS's files as they are now.</summary>
    public static string Files(BlasLocation location) => $"{Stamp(location.Blas)}\n{Stamp(location.OpenBlas)}";

    /// <summary>The findings that are remembered; null where there are none, or they are for something else, or nothing that can be read.</summary>
    public KernelFindings? Read(string key)
    {
        try
        {
            if (folder is null || !File.Exists(PathOf(key)))
                return null;
            var findings = JsonSerializer.Deserialize(Bytes(PathOf(key)), KernelJson.Default.KernelFindings);
            return findings is { Format: KernelFindings.CurrentFormat, Location: { Blas: not null, OpenBlas: not null }, Trials: not null } && findings.Key == key
                && findings.Files == Files(findings.Location) && findings.Trials.All(IsSound) && (findings.Location.OpenBlas.Length == 0 || findings.Trials.Count > 0) ? findings : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Remembers findings: the file is there as a whole or not at all. Where it cannot be written, they are found out again next time.</summary>
    public void Write(KernelFindings findings)
    {
        if (folder is null)
            return;
        var temporary = $"{PathOf(findings.Key)}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(findings, KernelJson.Default.KernelFindings));
            File.Move(temporary, PathOf(findings.Key), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Keeps other processes from measuring at the same time, so that one measures and the others read. Null where that cannot be had.</summary>
    public IDisposable? Lock(string key)
    {
        if (folder is null)
            return null;
        for (var end = DateTime.UtcNow + s_wait; ;)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return new FileStream(PathOf(key) + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(PathOf(key) + ".lock") && DateTime.UtcNow < end)
            {
                Thread.Sleep(50);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Where the findings for a key lie.</summary>
    internal string PathOf(string key) => Path.Combine(folder!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16] + ".json");

    /// <summary>A file's bytes; as many as findings have at most of one that has more.</summary>
    private static ReadOnlySpan<byte> Bytes(string path)
    {
        using var file = Open(path);
        if (!file.CanSeek)
            throw new IOException($"{path} is no regular file.");
        var bytes = new byte[file.Length is > 0 and < MostBytes ? file.Length : MostBytes];
        return bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    // Opening a pipe for reading alone waits for a writer.
    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException)
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete); // another user's
        }
    }

    private static bool IsSound(KernelTrial trial) =>
        trial is { Kernels: not null } && double.IsFinite(trial.Square) && double.IsFinite(trial.Thin) && double.IsFinite(trial.Vector) && trial is { Square: >= 0, Thin: >= 0, Vector: >= 0 };

    private static string Stamp(string path)
    {
        if (path.Length == 0)
            return "";
        try
        {
            var file = new FileInfo(path);
            for (var hops = 0; file.LinkTarget is not null && hops < 40; hops++)
                file = (FileInfo)(file.ResolveLinkTarget(returnFinalTarget: false) ?? file);
            return string.Create(CultureInfo.InvariantCulture, $"{path} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(KernelFindings))]
internal sealed partial class KernelJson : JsonSerializerContext;
