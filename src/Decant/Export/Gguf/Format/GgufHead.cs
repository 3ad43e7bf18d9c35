using System.Text;
using Decant.Export.Tensors;

namespace Decant.Export.Gguf.Format;

/// <summary>The head of a GGUF file: settings, and the places of tensors.</summary>
internal sealed class GgufHead
{
    private const int LongestName = 63; // as ggml's GGML_MAX_NAME has it
    private const int MostSizes = 4;
    private const int DeepestArray = 1;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MappedFile _file;
    private long _at;

    private GgufHead(MappedFile file) => _file = file;

    public Dictionary<string, object> Settings { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, GgufEntry> Tensors { get; } = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">What is wrong, and where.</exception>
    public static GgufHead Read(MappedFile file)
    {
        var head = new GgufHead(file);
        head.Read();
        return head;
    }

    private void Read()
    {
        if (UInt32() != GgufFormat.Magic)
            throw new FormatException("its first four bytes are not GGUF");
        if (UInt32() is var version and not (2 or GgufFormat.Version))
            throw new FormatException($"its version is {version}; 2 and {GgufFormat.Version} are read");
        var (tensors, settings) = (Count(24, "tensors"), Count(13, "settings"));
        for (var i = 0L; i < settings; i++)
            ReadSetting();
        var alignment = Alignment();
        var places = new List<(GgufEntry Entry, long Offset)>();
        for (var i = 0L; i < tensors; i++)
            places.Add(ReadPlace(alignment));
        var begin = GgufFormat.Aligned(_at, alignment);
        foreach (var (entry, offset) in places)
            Add(entry, begin, offset);
    }

    private void ReadSetting()
    {
        var key = Text("a key");
        if (key.Length == 0 || !Settings.TryAdd(key, Value(Kind(), key, 0)))
            throw new FormatException(key.Length == 0 ? $"a key before byte {_at} is empty" : $"the key {key} comes twice");
    }

    private int Alignment() => Settings.GetValueOrDefault("general.alignment") switch
    {
        null => GgufFormat.Alignment,
        ulong and var value when (ulong)value is > 0 and <= 1 << 20 && System.Numerics.BitOperations.IsPow2((ulong)value) => (int)(ulong)value,
        var value => throw new FormatException($"general.alignment is {value}; a power of two is needed"),
    };

    private object Value(GgufKind kind, string key, int depth)
    {
        switch (kind)
        {
            case GgufKind.Text: return Text(key);
            case GgufKind.Array: return Items(key, depth);
            case GgufKind.Bool: return Byte() switch { 0 => false, 1 => true, var other => throw new FormatException($"{key} is {other}; 0 or 1 is needed") };
            default: return Number(kind);
        }
    }

    private object Number(GgufKind kind)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var size = GgufFormat.BytesOf(kind);
        Take(bytes[..size]);
        return kind switch
        {
            GgufKind.Float32 => (object)(double)BitConverter.ToSingle(bytes), // an object each: a common type would be a double
            GgufKind.Float64 => BitConverter.ToDouble(bytes),
            GgufKind.Int8 => (long)(sbyte)bytes[0],
            GgufKind.Int16 => (long)BitConverter.ToInt16(bytes),
            GgufKind.Int32 => (long)BitConverter.ToInt32(bytes),
            GgufKind.Int64 => BitConverter.ToInt64(bytes),
            _ => BitConverter.ToUInt64(bytes), // shorter ones are filled up with zeros
        };
    }

    private object Items(string key, int depth)
    {
        var kind = Kind();
        if (kind == GgufKind.Array && depth >= DeepestArray)
            throw new FormatException($"{key} holds lists of lists of lists");
        var count = Count(Math.Max(1, kind is GgufKind.Text ? sizeof(ulong) : kind is GgufKind.Array ? sizeof(uint) + sizeof(ulong) : GgufFormat.BytesOf(kind)), $"items of {key}");
        return kind switch
        {
            GgufKind.Text => Listed(count, () => Text(key)),
            GgufKind.Float32 or GgufKind.Float64 => Listed(count, () => (double)Number(kind)),
            GgufKind.Bool => Listed(count, () => (bool)Value(kind, key, depth)),
            GgufKind.Array => Listed(count, () => Items(key, depth + 1)),
            GgufKind.UInt8 or GgufKind.UInt16 or GgufKind.UInt32 or GgufKind.UInt64 => Listed(count, () => (long)Math.Min((ulong)Number(kind), long.MaxValue)),
            _ => Listed(count, () => (long)Number(kind)),
        };
    }

    private static T[] Listed<T>(long count, Func<T> read)
    {
        var items = new T[count];
        for (var i = 0L; i < count; i++)
            items[i] = read();
        return items;
    }

    private (GgufEntry Entry, long Offset) ReadPlace(int alignment)
    {
        var name = Text("a tensor's name");
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > LongestName)
            throw new FormatException($"the tensor's name '{(name.Length > 80 ? name[..80] + "…" : name)}' has {Encoding.UTF8.GetByteCount(name)} bytes; 1 to {LongestName} are expected");
        var sizes = UInt32();
        if (sizes is < 1 or > MostSizes)
            throw new FormatException($"the tensor {name} has {sizes} sizes; 1 to {MostSizes} are expected");
        var shape = new long[sizes];
        for (var i = 0; i < sizes; i++)
            shape[^(i + 1)] = Size(name);
        var number = UInt32();
        var type = GgufType.Of(number) ?? throw new FormatException($"the tensor {name} is of type {number}, which is not known");
        if (!type.Divides(shape[^1]))
            throw new FormatException($"the tensor {name} has rows of {shape[^1]} numbers, and {type.Name} has blocks of {type.Block}");
        var offset = Int64();
        if (offset % alignment != 0)
            throw new FormatException($"the tensor {name} begins at {offset}, which is no multiple of {alignment}");
        return (new GgufEntry(name, shape, type, 0), offset);
    }

    private long Size(string name) => Int64() is var size and > 0 ? size : throw new FormatException($"a size of the tensor {name} is 0");

    private void Add(GgufEntry entry, long begin, long offset)
    {
        var elements = 1L;
        foreach (var size in entry.Shape)
            elements = elements <= _file.Length * 16 / size ? elements * size : throw Beyond(entry); // no type has more than 16 numbers in a byte
        if (offset > _file.Length - begin || entry.Type.BytesFor(elements) > _file.Length - begin - offset)
            throw Beyond(entry);
        if (!Tensors.TryAdd(entry.Name, entry with { Offset = begin + offset }))
            throw new FormatException($"the tensor {entry.Name} comes twice");
    }

    private FormatException Beyond(GgufEntry entry) => new($"the tensor {entry.Name} [{string.Join(", ", entry.Shape)}] reaches beyond the file's {_file.Length:N0} bytes: it was cut off, or its head is damaged");

    private GgufKind Kind() => UInt32() is var kind && kind <= (uint)GgufKind.Float64 ? (GgufKind)kind : throw new FormatException($"a setting before byte {_at} is of kind {kind}; 0 to {(uint)GgufKind.Float64} are known");

    private long Count(int least, string what) => Int64() is var count && count <= (_file.Length - _at) / least ? count : throw new FormatException($"it says that there are {count:N0} {what}, which its {_file.Length:N0} bytes cannot hold");

    private string Text(string what)
    {
        var length = Count(1, $"bytes of {what}");
        var bytes = new byte[length];
        Take(bytes);
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"the text of {what} before byte {_at} is no UTF-8");
        }
    }

    private byte Byte()
    {
        Span<byte> one = stackalloc byte[1];
        Take(one);
        return one[0];
    }

    private uint UInt32()
    {
        var number = _file.UInt32(_at);
        _at += sizeof(uint);
        return number;
    }

    private long Int64()
    {
        var number = _file.Int64(_at);
        _at += sizeof(long);
        return number;
    }

    private void Take(Span<byte> into)
    {
        _file.Read(_at, into);
        _at += into.Length;
    }
}
