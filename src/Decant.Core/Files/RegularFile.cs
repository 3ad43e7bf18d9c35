using System.Runtime.InteropServices;

namespace Decant.Files;

/// <summary>Opens files that others made: regular files alone, and whole into memory only up to a size that their kind has.</summary>
/// <remarks>
/// Opening a pipe waits for a writer, and a device such as <c>/dev/zero</c> has no end: both are refused before they are opened. A link counts as what it leads to.
/// </remarks>
internal static class RegularFile
{
    /// <summary>The largest file of settings, in bytes: a <c>config.json</c> that names a million classes has fewer.</summary>
    public const int MostSettings = 64 << 20;

    /// <summary>The largest file of a tokenizer, in bytes; those of 250,000 tokens have some 30 million.</summary>
    public const int MostTokenizer = 512 << 20;

    private const int FirstRoom = 1 << 16;
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint AskForType = 1; // STATX_TYPE
    private const int RoomForAnswer = 256;
    private const int ModeAt = 28; // in struct statx, which is the same on every architecture
    private const int TypeMask = 0xF000, Pipe = 0x1000, CharacterDevice = 0x2000, BlockDevice = 0x6000, Socket = 0xC000;

    /// <summary>Opens a regular file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="bufferBytes">The stream's buffer.</param>
    /// <exception cref="DecantException">It is a folder, a pipe, a device or a socket; the message begins with the path.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static FileStream Open(string path, FileShare share = FileShare.Read, int bufferBytes = 4096)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferBytes);
    }

    /// <summary>Opens a regular file, or a pipe that was handed to this process: <c>/dev/stdin</c>, and what a shell puts for <c>&lt;(command)</c>.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static FileStream OpenOrPiped(string path)
    {
        if (!IsHandedOver(path) || KindOf(path) is not Pipe)
            Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    /// <summary>A regular file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that a file of its kind has.</param>
    /// <exception cref="DecantException">It is no regular file, or is longer.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static byte[] Bytes(string path, int most)
    {
        using var stream = Open(path, bufferBytes: 1);
        return Bytes(stream, path, most);
    }

    /// <summary>What is left of a stream.</summary>
    /// <param name="stream">A file, or a pipe, which has no length to be asked for.</param>
    /// <param name="path">Its name in messages.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="tooLong">The fault of a longer one, by the number of bytes that came; null: that of a file in general.</param>
    /// <exception cref="DecantException">It is longer.</exception>
    public static byte[] Bytes(Stream stream, string path, int most, Func<string, DecantException>? tooLong = null)
    {
        tooLong ??= came => TooLong(path, came, most);
        var length = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (length > most)
            throw tooLong($"{length:N0}");
        var (bytes, filled) = (new byte[Math.Max(length + 1, FirstRoom)], 0);
        for (int read; (read = stream.Read(bytes, filled, bytes.Length - filled)) > 0;)
        {
            filled += read;
            if (filled > most)
                throw tooLong("more");
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, most + 1L));
        }

        return bytes.AsSpan(0, filled).ToArray();
    }

    /// <summary>Refuses what is there and is no regular file.</summary>
    /// <exception cref="DecantException">It is a folder, a pipe, a device or a socket.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
            throw new DecantException($"{path}: expected a file, came a folder; name the file in it.");
        var came = KindOf(path) switch
        {
            Pipe => "a pipe",
            CharacterDevice or BlockDevice => "a device",
            Socket => "a socket",
            _ => null,
        };
        if (came is not null)
            throw new DecantException($"{path}: expected a file, came {came}{(File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? $" ({target.FullName})" : "")}; put the file itself there.");
    }

    private static DecantException TooLong(string path, string came, int most) =>
        new($"{path}: expected at most {most:N0} bytes, which a file of its kind does not reach, came {came} bytes; is this another file?");

    private static bool IsHandedOver(string path) =>
        path is "/dev/stdin" || path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    /// <summary>The bits of the type in the file's mode; 0 where they are unknown.</summary>
    private static int KindOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            var answer = new byte[RoomForAnswer];
            return Ask(CurrentFolder, path, 0, AskForType, answer) == 0 ? BitConverter.ToUInt16(answer, ModeAt) & TypeMask : 0;
        }
        catch (EntryPointNotFoundException)
        {
            return 0; // a C library before 2018
        }
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Ask(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] answer);
}
