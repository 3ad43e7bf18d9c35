using System.Text;
using Decant.Export.Tensors;

namespace Decant.Export.PyTorch;

/// <summary>One file of a zip archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Start">Where its own header begins.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Size">How many bytes, as stored.</param>
/// <param name="IsPlain">Whether they are stored as they are: neither compressed nor encrypted.</param>
internal sealed record ZipEntry(string Name, long Start, long Offset, long Size, bool IsPlain);

/// <summary>The directory of a zip archive: what is needed of it to map files that are stored uncompressed. Zip64 included.</summary>
internal sealed class ZipDirectory
{
    private const uint EntrySignature = 0x02014b50, LocalSignature = 0x04034b50, EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EntryBytes = 46, LocalBytes = 30, EndBytes = 22, End64Bytes = 56, Locator64Bytes = 20, MaxComment = ushort.MaxValue;
    private const ushort Zip64Field = 1;

    private readonly MappedFile _file;

    private ZipDirectory(MappedFile file) => _file = file;

    /// <summary>All files of an archive by name.</summary>
    /// <exception cref="FormatException">It is damaged, or its files overlap.</exception>
    public static IReadOnlyDictionary<string, ZipEntry> Read(MappedFile file) => new ZipDirectory(file).Read();

    private Dictionary<string, ZipEntry> Read()
    {
        var (count, start, end) = FindDirectory();
        var entries = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        var at = start;
        for (var i = 0L; i < count; i++)
        {
            var entry = ReadEntry(ref at, start, end);
            if (!entries.TryAdd(entry.Name, entry))
                throw new FormatException($"its archive has '{entry.Name}' twice");
        }

        if (at != end)
            throw new FormatException($"its archive's directory has {end - at} bytes that belong to no file");
        CheckOverlaps(entries.Values);
        return entries;
    }

    private (long Count, long Start, long End) FindDirectory()
    {
        var last = FindEnd();
        if (last >= Locator64Bytes && _file.UInt32(last - Locator64Bytes) == Locator64Signature)
            return FindDirectory64(last - Locator64Bytes);
        var (size, start) = ((long)_file.UInt32(last + 12), (long)_file.UInt32(last + 16));
        return Checked(_file.UInt16(last + 10), start, size, last);
    }

    private (long Count, long Start, long End) FindDirectory64(long locator)
    {
        var record = _file.Int64(locator + 8);
        if (record > locator - End64Bytes || _file.UInt32(record) != End64Signature)
            throw new FormatException("its archive's end record is not where it should be");
        return Checked(_file.Int64(record + 32), _file.Int64(record + 48), _file.Int64(record + 40), record);
    }

    private static (long Count, long Start, long End) Checked(long count, long start, long size, long before)
    {
        if (start > before || size > before - start || count > size / EntryBytes)
            throw new FormatException($"its archive's directory of {count} files at byte {start} reaches beyond its end");
        return (count, start, start + size);
    }

    // The end record is the last thing in the file but for a comment.
    private long FindEnd()
    {
        var room = new byte[(int)Math.Min(_file.Length, EndBytes + MaxComment)];
        var start = _file.Length - room.Length;
        _file.Read(start, room);
        for (var at = room.Length - EndBytes; at >= 0; at--)
        {
            if (BitConverter.ToUInt32(room, at) == EndSignature && BitConverter.ToUInt16(room, at + 20) == room.Length - EndBytes - at)
                return start + at;
        }

        throw new FormatException("its archive has no end: the file is cut off");
    }

    private ZipEntry ReadEntry(ref long at, long directory, long end)
    {
        if (end - at < EntryBytes || _file.UInt32(at) != EntrySignature)
            throw new FormatException($"its archive's directory is damaged at byte {at}");
        var (nameLength, extraLength, commentLength) = (_file.UInt16(at + 28), _file.UInt16(at + 30), _file.UInt16(at + 32));
        var next = at + EntryBytes + nameLength + extraLength + commentLength;
        if (next > end)
            throw new FormatException($"its archive's directory is damaged at byte {at}");
        var name = ReadName(at + EntryBytes, nameLength);
        var sizes = new Sizes(_file.UInt32(at + 24), _file.UInt32(at + 20), _file.UInt32(at + 42));
        sizes = Widened(sizes, at + EntryBytes + nameLength, extraLength);
        var isPlain = _file.UInt16(at + 10) == 0 && (_file.UInt16(at + 8) & 1) == 0 && sizes.Stored == sizes.Full;
        at = next;
        return Located(name, sizes, isPlain, directory);
    }

    private ZipEntry Located(string name, Sizes sizes, bool isPlain, long directory)
    {
        var local = sizes.Local;
        if (local > directory - LocalBytes || _file.UInt32(local) != LocalSignature)
            throw new FormatException($"'{name}' of its archive is not where the directory says");
        var nameLength = _file.UInt16(local + 26);
        var offset = local + LocalBytes + nameLength + _file.UInt16(local + 28);
        if (offset > directory || sizes.Stored > directory - offset)
            throw new FormatException($"'{name}' of its archive is said to have {sizes.Stored} bytes at {offset}, beyond the {directory} that there are");
        if (ReadName(local + LocalBytes, nameLength) != name)
            throw new FormatException($"'{name}' of its archive has another name in its own header");
        return new ZipEntry(name, local, offset, sizes.Stored, isPlain);
    }

    private string ReadName(long at, int length)
    {
        var bytes = new byte[length];
        _file.Read(at, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    // Zip64: what does not fit in 32 bits stands in an extra field, in this order.
    private Sizes Widened(Sizes sizes, long extra, int length)
    {
        for (var (at, end) = (extra, extra + length); end - at >= 4;)
        {
            var (id, size) = (_file.UInt16(at), _file.UInt16(at + 2));
            at += 4;
            if (size > end - at)
                break;
            if (id == Zip64Field)
                return Wide(sizes, at, at + size);
            at += size;
        }

        return sizes;
    }

    private Sizes Wide(Sizes sizes, long at, long end)
    {
        long Take(long narrow)
        {
            if (narrow != uint.MaxValue)
                return narrow;
            if (end - at < sizeof(long))
                throw new FormatException("a size in its archive's directory is missing");
            at += sizeof(long);
            return _file.Int64(at - sizeof(long));
        }

        return new Sizes(Take(sizes.Full), Take(sizes.Stored), Take(sizes.Local));
    }

    private static void CheckOverlaps(IEnumerable<ZipEntry> entries)
    {
        ZipEntry? before = null;
        foreach (var entry in entries.OrderBy(e => e.Start).ThenBy(e => e.Offset + e.Size))
        {
            if (before is not null && entry.Start < before.Offset + before.Size)
                throw new FormatException($"'{entry.Name}' and '{before.Name}' of its archive overlap");
            before = entry;
        }
    }

    private readonly record struct Sizes(long Full, long Stored, long Local);
}
