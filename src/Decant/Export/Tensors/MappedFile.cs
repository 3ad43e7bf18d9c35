using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Decant.Files;

namespace Decant.Export.Tensors;

/// <summary>A file mapped into memory: nothing is read before it is requested, nothing beyond the end is ever touched.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedFile(string path, long length, MemoryMappedFile file, MemoryMappedViewAccessor view) =>
        (Path, Length, _file, _view) = (path, length, file, view);

    public string Path { get; }

    public long Length { get; }

    public SafeBuffer Memory => _view.SafeMemoryMappedViewHandle;

    /// <summary>Maps a file that is not empty, copy on write: a module may train in its memory, and the file stays as it is.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    /// <exception cref="FormatException">It is empty.</exception>
    public static MappedFile Open(string path)
    {
        using var stream = RegularFile.Open(path);
        if (stream.Length == 0)
            throw new FormatException("it is empty");
        var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            return new MappedFile(path, stream.Length, file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes at a place.</summary>
    /// <exception cref="FormatException">They reach beyond the end.</exception>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length)
            throw new FormatException($"{into.Length} bytes at {offset} reach beyond its {Length}");
        Memory.ReadSpan((ulong)offset, into);
    }

    public ushort UInt16(long offset)
    {
        Span<byte> room = stackalloc byte[sizeof(ushort)];
        Read(offset, room);
        return BinaryPrimitives.ReadUInt16LittleEndian(room);
    }

    public uint UInt32(long offset)
    {
        Span<byte> room = stackalloc byte[sizeof(uint)];
        Read(offset, room);
        return BinaryPrimitives.ReadUInt32LittleEndian(room);
    }

    /// <summary>A number that is to be an offset or a size in this file.</summary>
    /// <exception cref="FormatException">It is beyond what any file has, or beyond the end.</exception>
    public long Int64(long offset)
    {
        Span<byte> room = stackalloc byte[sizeof(long)];
        Read(offset, room);
        var number = BinaryPrimitives.ReadInt64LittleEndian(room);
        return number >= 0 ? number : throw new FormatException($"the number at byte {offset} is larger than any file");
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
