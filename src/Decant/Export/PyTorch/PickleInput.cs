using System.Buffers.Binary;
using System.Text;
using Decant.Export.Tensors;

namespace Decant.Export.PyTorch;

/// <summary>The bytes of a pickle, read once from front to back. A length is compared with what is left before any room is made for it.</summary>
internal sealed class PickleInput(MappedFile file, long start, long end)
{
    private const int Room = 4096;
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _room = new byte[Room];
    private readonly long _start = start;
    private long _roomStart = start;
    private int _filled;
    private int _at;

    /// <summary>Where the next byte is, from the beginning of the pickle's place in the file.</summary>
    public long Position => _roomStart + _at - _start;

    /// <summary>Where the next byte is in the file.</summary>
    public long FilePosition => _roomStart + _at;

    private long Left => end - FilePosition;

    public byte Byte()
    {
        if (_at == _filled)
            Fill();
        return _room[_at++];
    }

    public ushort UInt16() => (ushort)(Byte() | (Byte() << 8));

    public uint UInt32() => UInt16() | ((uint)UInt16() << 16);

    public int Int32() => (int)UInt32();

    public ulong UInt64() => UInt32() | ((ulong)UInt32() << 32);

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));

    public byte[] Bytes(ulong count)
    {
        Announce(count);
        if (count > (ulong)Array.MaxLength)
            throw new FormatException($"a string of {count} bytes at byte {Position}");
        var bytes = new byte[count];
        var have = Math.Min(bytes.Length, _filled - _at);
        _room.AsSpan(_at, have).CopyTo(bytes);
        _at += have;
        if (have < bytes.Length)
            ReadPast(bytes.AsSpan(have));
        return bytes;
    }

    /// <summary>Refuses a length that is longer than what is left.</summary>
    public void Announce(ulong count)
    {
        if (count > (ulong)Left)
            throw new FormatException($"{count} bytes are announced at byte {Position}, {Left} are left");
    }

    public string Text(ulong count)
    {
        var position = Position;
        try
        {
            return s_utf8.GetString(Bytes(count));
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException($"the text at byte {position} is not UTF-8", error);
        }
    }

    /// <summary>Text up to the end of a line, which is not part of it.</summary>
    public string Line(int most)
    {
        var line = new StringBuilder();
        for (byte next; (next = Byte()) != '\n';)
        {
            if (line.Length == most)
                throw new FormatException($"a line of more than {most} bytes at byte {Position}");
            line.Append((char)next);
        }

        return line.ToString();
    }

    private void Fill()
    {
        if (Left <= 0)
            throw new FormatException($"it breaks off at byte {Position}");
        _roomStart += _at;
        _at = 0;
        _filled = (int)Math.Min(Room, end - _roomStart);
        file.Read(_roomStart, _room.AsSpan(0, _filled));
    }

    private void ReadPast(Span<byte> into)
    {
        var next = FilePosition;
        file.Read(next, into);
        _roomStart = next + into.Length;
        _at = _filled = 0;
    }
}
