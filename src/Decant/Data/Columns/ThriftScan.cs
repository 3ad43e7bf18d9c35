namespace Decant.Data.Columns;

/// <summary>Goes through a structure in Thrift's compact protocol, in which Parquet describes itself, and refuses lengths that the bytes do not have, before anybody makes room for them.</summary>
/// <remarks>Source: the Apache Thrift project, "Thrift compact protocol encoding".</remarks>
/// <param name="bytes">The structure, and perhaps more after it.</param>
internal ref struct ThriftScan(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 32;
    private const int True = 1, False = 2, Byte = 3, Int16 = 4, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Structure = 12;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes were gone through.</summary>
    public int Position { get; private set; }

    /// <summary>Goes through a structure.</summary>
    /// <param name="inList">Is given the whole numbers of each structure in the structure's own lists, with the field of the list; null: nobody asks for them.</param>
    /// <returns>Its own whole numbers by field.</returns>
    /// <exception cref="EndOfStreamException">The bytes end before it does.</exception>
    /// <exception cref="FormatException">It is no such structure.</exception>
    public Dictionary<int, long> Fields(Action<int, Dictionary<int, long>>? inList = null) => Fields(0, inList);

    private Dictionary<int, long> Fields(int depth, Action<int, Dictionary<int, long>>? inList)
    {
        if (depth > Deepest) throw new FormatException($"structures lie {Deepest} deep in each other");
        var numbers = new Dictionary<int, long>();
        for (var field = 0; ;)
        {
            var head = Next();
            if (head == 0) return numbers;
            field = head >> 4 == 0 ? (int)Number() : field + (head >> 4);
            var type = head & 0xF;
            if (type is >= Int16 and <= Int64) numbers[field] = Number();
            else if (type == List && inList is not null) Each(field, inList);
            else if (type is not (True or False)) Skip(type, depth); // a truth lies in the field's head
        }
    }

    private void Skip(int type, int depth)
    {
        switch (type)
        {
            case True or False or Byte:
                Next();
                break;
            case >= Int16 and <= Int64:
                Number();
                break;
            case Double:
                Pass(sizeof(double));
                break;
            case Binary:
                Pass(Length());
                break;
            case List or Set:
                var (items, of) = ListHead();
                Items(items, depth, of);
                break;
            case Map:
                if (Length() is var count and > 0)
                {
                    var types = Next();
                    Items(count, depth, types >> 4, types & 0xF);
                }

                break;
            case Structure:
                Fields(depth + 1, null);
                break;
            default:
                throw new FormatException($"a field has the type {type}, which there is not");
        }
    }

    private void Each(int field, Action<int, Dictionary<int, long>> inList)
    {
        var (count, type) = ListHead();
        if (type != Structure)
        {
            Items(count, 0, type);
            return;
        }

        for (var item = 0L; item < count; item++) inList(field, Fields(1, null));
    }

    private (long Count, int Type) ListHead()
    {
        var head = Next();
        return (head >> 4 == 0xF ? Length() : head >> 4, head & 0xF);
    }

    private void Items(long count, int depth, params ReadOnlySpan<int> types)
    {
        if (depth > Deepest) throw new FormatException($"lists lie {Deepest} deep in each other");
        if (count > _bytes.Length - Position) throw new EndOfStreamException($"{count:N0} items follow, and {_bytes.Length - Position:N0} bytes"); // an item has a byte or more
        for (var item = 0L; item < count; item++)
            foreach (var type in types) Skip(type, depth + 1);
    }

    private void Pass(long count)
    {
        if (count > _bytes.Length - Position) throw new EndOfStreamException($"{count:N0} bytes are to follow, and {_bytes.Length - Position:N0} do");
        Position += (int)count;
    }

    private byte Next() => Position < _bytes.Length ? _bytes[Position++] : throw new EndOfStreamException("the structure is cut off");

    private long Length() => Varint() is var length and <= int.MaxValue ? (long)length : throw new FormatException("a length is longer than any");

    private long Number() => Varint() is var zigzag ? (long)(zigzag >> 1) ^ -(long)(zigzag & 1) : 0;

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Next();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException("a number is longer than any");
    }
}
