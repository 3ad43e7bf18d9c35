using System.IO.Compression;

namespace Decant.Data.Sources;

/// <summary>A file of binary data, unpacked as it is read where it begins as gzip does.</summary>
/// <remarks>
/// What it holds is known only once it is read, so it is read piece by piece: no more memory is taken than the bytes that came, and no more than a file of its length may
/// hold.
/// </remarks>
internal sealed class UnpackedFile : IDisposable
{
    /// <summary>How many times its own length a packed file may hold, beyond <see cref="FreeBytes"/>; images are packed to a half or a tenth.</summary>
    public const int MostRatio = 200;

    /// <summary>What any packed file may hold: black images are packed to a thousandth.</summary>
    public const long FreeBytes = 64 << 20;

    private const int ChunkBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly Stream _unpacked;

    /// <exception cref="DecantException">There is no such file, or it cannot be read.</exception>
    public UnpackedFile(string path)
    {
        (Path, _file) = (path, SourceFile.Open(path));
        Span<byte> head = stackalloc byte[2];
        IsPacked = _file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head is [0x1F, 0x8B];
        _file.Position = 0;
        _unpacked = IsPacked ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    public string Path { get; }

    public bool IsPacked { get; }

    /// <summary>The most bytes that it may hold; exactly as many as there are where it is not packed.</summary>
    public long MostBytes => IsPacked ? FreeBytes + (_file.Length * MostRatio) : _file.Length;

    /// <summary>The next bytes, fewer where the file ends.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    /// <exception cref="DecantException">It is damaged, or holds more than <see cref="MostBytes"/>.</exception>
    public byte[] Read(long count, CancellationToken cancellationToken)
    {
        var most = (int)Math.Min(count, Array.MaxLength);
        var (bytes, filled) = (new byte[Math.Min(most, ChunkBytes)], 0);
        while (filled < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, most));
            var read = Next(bytes.AsSpan(filled, Math.Min(ChunkBytes, bytes.Length - filled)));
            if (read == 0)
                break;
            filled += read;
        }

        return filled == bytes.Length ? bytes : bytes[..filled];
    }

    /// <summary>All bytes.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public byte[] ReadAll(CancellationToken cancellationToken)
    {
        var most = Math.Min(MostBytes, Array.MaxLength);
        if (!IsPacked && MostBytes > most)
            throw TooLarge();
        var bytes = Read(most, cancellationToken);
        return bytes.Length < most || IsAtEnd() ? bytes : throw TooLarge();
    }

    /// <summary>Whether nothing follows what was read; reads a byte of what does.</summary>
    public bool IsAtEnd()
    {
        Span<byte> next = stackalloc byte[1];
        return Next(next) == 0;
    }

    public DecantException TooLarge() => new(IsPacked
        ? $"{Path}: its {_file.Length:N0} bytes unpack to more than {Math.Min(MostBytes, Array.MaxLength):N0}, which images do not; it is damaged or made to fill the memory. If it is what it should be, unpack it first ('gunzip')."
        : $"{Path}: expected at most {Array.MaxLength:N0} bytes, which are held in memory, came {_file.Length:N0}; split the file.");

    public void Dispose()
    {
        _unpacked.Dispose();
        _file.Dispose();
    }

    private int Next(Span<byte> into)
    {
        try
        {
            return _unpacked.Read(into);
        }
        catch (InvalidDataException e)
        {
            throw new DecantException($"{Path}: the gzip data is damaged ({e.Message}); fetch the file again.", inner: e);
        }
        catch (IOException e)
        {
            throw new DecantException($"{Path}: the file cannot be read: {e.Message}", inner: e);
        }
    }
}
