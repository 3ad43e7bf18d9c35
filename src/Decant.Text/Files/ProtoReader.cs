using System.Buffers.Binary;

namespace Decant.Text.Files;

/// <summary>Reads the fields of a protocol-buffer message one after the other; never past the message's end.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The field's value, where it is a whole number.</summary>
    public long Number { get; private set; }

    /// <summary>The field's bytes, where it is a text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The field's value, where it is a number of 4 bytes.</summary>
    public float Float { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="FormatException">The message is malformed.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = Varint();
        Field = tag is > 7 and < (1L << 32) ? (int)(tag >> 3) : throw new FormatException("a field without a number");
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Take(8); break;
            case 2:
                var length = Varint();
                Bytes = Take(length is >= 0 and <= int.MaxValue ? (int)length : int.MaxValue);
                break;
            case 5: Float = BinaryPrimitives.ReadSingleLittleEndian(Take(4)); break;
            default: throw new FormatException($"a field of the kind {tag & 7}");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw new FormatException("the message is cut off");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private long Varint()
    {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException("a number without an end");
    }
}
