namespace Decant.Data.Sources;

/// <summary>One record of a text file.</summary>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">Its bytes, without the line break.</param>
/// <param name="Line">The line that it begins at, from 1.</param>
internal readonly record struct RecordSpan(long Offset, int Length, long Line);

/// <summary>Cuts a file into records: lines, or CSV records, in which quoted fields may hold line breaks. Empty lines are no records.</summary>
internal abstract class RecordScanner : IDisposable
{
    /// <summary>A record longer than this means a quote left open or another kind of file.</summary>
    protected const int MaxRecordBytes = 64 << 20;

    /// <summary>The bytes of the record last read; valid until the next one is.</summary>
    public abstract ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What is wrong with the quoting of the record last read; null where nothing is.</summary>
    public virtual string? Fault => null;

    public abstract bool TryRead(out RecordSpan record);

    public virtual void Dispose()
    {
    }

    protected static DecantException TooLong(string file, long line) => new(
        $"{file}:{line}: a record of more than {MaxRecordBytes >> 20} MiB; is a quote left open, or is this another kind of file?");
}

/// <summary>Cuts a stream into lines, which LF or CR LF ends; a byte-order mark of UTF-8 is passed over.</summary>
/// <param name="stream">The file from its first byte.</param>
/// <param name="file">Its name in messages.</param>
/// <param name="keepEmpty">Whether empty lines are records too.</param>
internal sealed class LineScanner(Stream stream, string file, bool keepEmpty = false) : RecordScanner
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _bufferOffset;
    private long _line;
    private ReadOnlyMemory<byte> _bytes;

    public override ReadOnlyMemory<byte> Bytes => _bytes;

    public override bool TryRead(out RecordSpan record)
    {
        do
        {
            var found = TryFindEnd(out var end);
            if (_line == 0 && _buffer.AsSpan(_start, end - _start).StartsWith(ByteOrderMark)) _start += ByteOrderMark.Length;
            _line++;
            var length = end - _start;
            if (length > 0 && _buffer[end - 1] == '\r') length--;
            record = new(_bufferOffset + _start, length, _line);
            _bytes = _buffer.AsMemory(_start, length);
            _start = found ? end + 1 : end;
            if (!found) return length > 0;
        }
        while (record.Length == 0 && !keepEmpty);
        return true;
    }

    /// <summary>Finds the next line feed, reading on as far as needed; false at the end of the file.</summary>
    private bool TryFindEnd(out int end)
    {
        for (var searched = 0; ;)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            end = at < 0 ? _end : _start + searched + at;
            if (at >= 0) return true;
            searched = _end - _start;
            if (!Fill())
            {
                end = _end;
                return false;
            }
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _bufferOffset += _start;
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            if (_end >= MaxRecordBytes) throw TooLong(file, _line + 1);
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
