using System.IO.MemoryMappedFiles;

namespace Decant.Teachers.Answers.Storage;

/// <summary>A shard in memory, as long as it was when it was mapped. Pages come from the disk when they are read, and all processes share them.</summary>
internal sealed class ShardMap : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    /// <summary>Maps a file, which others may go on writing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public ShardMap(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Length = stream.Length;
        if (Length == 0)
        {
            stream.Dispose();
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(stream, null, Length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
    }

    /// <summary>The bytes that are mapped.</summary>
    public long Length { get; }

    /// <summary>Copies bytes.</summary>
    /// <param name="at">The first.</param>
    /// <param name="bytes">Where to; all of it is filled, so there must be as many.</param>
    public void Read(long at, Span<byte> bytes)
    {
        if (at < 0 || at + bytes.Length > Length)
            throw new ArgumentOutOfRangeException(nameof(at), at, $"{bytes.Length} bytes were asked for of {Length}.");
        if (bytes.Length > 0)
            _view!.SafeMemoryMappedViewHandle.ReadSpan((ulong)at, bytes);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
