using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Parquet.Meta;

namespace Decant.Data.Columns;

/// <summary>What a Parquet file says of its own sizes, compared with the file before room is made for it.</summary>
internal static class ParquetBounds
{
    /// <summary>The bytes after the description: its length and the mark.</summary>
    public const int EndBytes = 8;

    private const int Deepest = 64;
    private const int MarkBytes = 4;
    private const int MostDescription = 256 << 20;
    private const long FewRows = 1 << 18; // a file of any length may have them
    private const long MostRowsPerByte = 64;
    private const long SmallPage = 16 << 20; // a page of any length may unpack to it
    private const long MostRatio = 1024;
    private const int FirstHead = 512; // most heads of pages are shorter
    private const int MostHead = 16 << 20; // statistics hold a whole value of the column
    private const int SchemaElements = 2, NumberOfChildren = 5; // fields of the description, and of an element
    private const int UncompressedSize = 2, CompressedSize = 3; // fields of a page's head

    /// <summary>Whether so many rows or values may lie in so many bytes: those that are all alike take hardly any.</summary>
    public static bool MayHold(long count, long fileBytes) => count >= 0 && count <= Math.Min(Array.MaxLength, FewRows + (MostRowsPerByte * fileBytes));

    /// <summary>Goes through the description of the columns, at the end of the file.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="EndOfStreamException">It is cut off, or says lengths that it does not have.</exception>
    public static void CheckDescription(SafeFileHandle file, long fileBytes)
    {
        var end = Read(file, fileBytes - EndBytes, EndBytes);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (length > Math.Min(MostDescription, fileBytes - EndBytes - MarkBytes)) throw new FormatException($"the description of its columns is to have {length:N0} bytes");
        // Columns that lie too deep in each other are refused: the library goes into each by calling itself.
        var open = new Stack<long>(); // how many children are left of each that surrounds the next
        new ThriftScan(Read(file, fileBytes - EndBytes - length, (int)length)).Fields((field, element) =>
        {
            if (field != SchemaElements) return;
            while (open.Count > 0 && open.Peek() == 0) open.Pop();
            if (open.Count > 0) open.Push(open.Pop() - 1);
            if (element.GetValueOrDefault(NumberOfChildren) is > 0 and var children) open.Push(children);
            if (open.Count > Deepest) throw new FormatException($"columns lie more than {Deepest} deep in each other");
        });
    }

    /// <summary>Goes through the heads of a column's pages in a row group.</summary>
    /// <inheritdoc cref="CheckDescription" path="/exception"/>
    public static void CheckPages(SafeFileHandle file, long fileBytes, ColumnMetaData? column)
    {
        if (column is null) throw new FormatException("a column has no description");
        if (!MayHold(column.NumValues, fileBytes)) throw new FormatException($"a column is to have {column.NumValues:N0} values");
        var at = column.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, column.DataPageOffset) : column.DataPageOffset;
        if (at < MarkBytes || column.TotalCompressedSize < 0 || column.TotalCompressedSize > fileBytes - at) throw new FormatException("a column lies outside of the file");
        for (var end = at + column.TotalCompressedSize; at < end;)
        {
            var (head, headBytes) = Head(file, at, end);
            var (packed, unpacked) = (head.GetValueOrDefault(CompressedSize, -1), head.GetValueOrDefault(UncompressedSize, -1));
            at += headBytes;
            if (packed < 0 || packed > end - at || unpacked < 0 || unpacked > SmallPage + (MostRatio * packed))
                throw new FormatException($"a page is to unpack from {packed:N0} to {unpacked:N0} bytes, and {end - at:N0} are left of its column");
            at += packed;
        }
    }

    private static (Dictionary<int, long> Fields, int Bytes) Head(SafeFileHandle file, long at, long end)
    {
        for (var room = FirstHead; ; room *= 8)
        {
            var most = (int)Math.Min(room, end - at);
            try
            {
                var scan = new ThriftScan(Read(file, at, most));
                return (scan.Fields(), scan.Position);
            }
            catch (EndOfStreamException) when (most < end - at && room < MostHead)
            {
                // It is longer than was read of it.
            }
        }
    }

    private static byte[] Read(SafeFileHandle file, long at, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), at + done);
            if (read == 0) throw new EndOfStreamException("the file became shorter");
            done += read;
        }

        return bytes;
    }
}
