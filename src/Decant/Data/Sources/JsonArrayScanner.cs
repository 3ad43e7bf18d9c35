namespace Decant.Data.Sources;

/// <summary>Cuts one JSON array into its elements, on one line or several; the bytes are UTF-8.</summary>
/// <remarks>It follows strings and brackets alone: whether an element is JSON is its reader's affair.</remarks>
internal sealed class JsonArrayScanner : RecordScanner
{
    private readonly Stream _stream; // the caller's
    private readonly string _file;
    private readonly MemoryStream _element = new();
    private long _offset = -1;
    private long _line = 1;
    private bool _hasBegun;
    private int? _back; // read, and given back

    public JsonArrayScanner(Stream stream, string file) => (_stream, _file) = (stream, file);

    public override ReadOnlyMemory<byte> Bytes => _element.GetBuffer().AsMemory(0, (int)_element.Length);

    /// <summary>Whether a file begins with an array with an object as its first element, white space aside; leaves the stream at its beginning.</summary>
    public static bool Begins(Stream stream)
    {
        Span<byte> head = stackalloc byte[256];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        var rest = head[..read];
        if (rest.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) rest = rest[3..];
        rest = rest.TrimStart(" \t\r\n"u8);
        return rest is [(byte)'[', ..] && rest[1..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }

    public override bool TryRead(out RecordSpan record)
    {
        record = default;
        if (!_hasBegun)
        {
            while (Next() != '[')
            {
            }

            _hasBegun = true;
        }

        var first = Solid();
        if (first == ',') first = Solid();
        if (first == ']') return AtEnd();
        var (offset, line) = (_offset, _line);
        Copy(first);
        record = new(offset, (int)_element.Length, line);
        return true;
    }

    /// <summary>Takes an element up to the comma or bracket after it, which stays for the next call.</summary>
    private void Copy(int first)
    {
        _element.SetLength(0);
        var (depth, inString, isEscaped) = (0, false, false);
        for (var c = first; ; c = Next())
        {
            if (c < 0) throw new DecantException($"{_file}:{_line}: the JSON array is not closed; is the file cut off?");
            if (!inString && depth == 0 && c is ',' or ']')
            {
                _back = c;
                return;
            }

            if (_element.Length >= MaxRecordBytes) throw TooLong(_file, _line);
            _element.WriteByte((byte)c);
            if (inString)
            {
                inString = isEscaped || c != '"';
                isEscaped = !isEscaped && c == '\\';
            }
            else if (c == '"') inString = true;
            else if (c is '{' or '[') depth++;
            else if (c is '}' or ']') depth--;
        }
    }

    public override void Dispose()
    {
        _element.Dispose();
        base.Dispose();
    }

    private bool AtEnd() => Solid() < 0 ? false : throw new DecantException($"{_file}:{_line}: something follows the end of the JSON array; a file is one array, or an object on every line.");

    private int Solid()
    {
        int c;
        do c = Next(); while (c is ' ' or '\t' or '\r' or '\n');
        return c;
    }

    private int Next()
    {
        if (_back is { } again)
        {
            _back = null;
            return again;
        }

        var c = _stream.ReadByte();
        _offset++;
        if (c == '\n') _line++;
        return c;
    }
}
