using System.Text;

namespace Decant.Data;

/// <summary>Reads a text file of rows into memory, or, where it is large, into an index of where its rows lie.</summary>
internal sealed class RowFile
{
    private readonly TextFileOptions _options;
    private readonly RowFormat _format;
    private readonly Encoding _encoding;
    private readonly List<ulong> _hashes = [];
    private readonly List<SampleContent>? _contents;
    private readonly List<RecordSpan> _index = [];
    private readonly LabelColumn _labels = new();
    private readonly RowFaults _faults;

    private RowFile(TextFileOptions options, RowFormat format, bool inMemory)
    {
        _options = options;
        _format = format;
        _encoding = TextEncoding.Find(options.Encoding, options.File);
        _faults = new RowFaults(options.File);
        if (inMemory) _contents = [];
    }

    public static Dataset Open(TextFileOptions options, RowFormat format, CancellationToken cancellationToken)
    {
        var stream = SourceFile.Open(options.File);
        var inMemory = stream.Length <= options.InMemoryUpTo;
        try
        {
            RefuseUtf16(stream, options.File);
            var file = new RowFile(options, format, inMemory);
            file.Scan(stream, cancellationToken);
            return Dataset.Create(file.ToStore(stream), file._labels, options.Classes);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
        finally
        {
            if (inMemory) stream.Dispose();
        }
    }

    private static void RefuseUtf16(FileStream stream, string file)
    {
        Span<byte> head = stackalloc byte[2];
        var read = stream.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read == 2 && head is [0xFF, 0xFE] or [0xFE, 0xFF])
            throw new DecantException($"{file}: expected UTF-8, came UTF-16 (its byte-order mark); save the file as UTF-8.");
    }

    private void Scan(FileStream stream, CancellationToken cancellationToken)
    {
        using var scanner = _format.Scan(stream, _options.File);
        if (_format.HasHeader && scanner.TryRead(out var header)) ReadHeader(scanner, header);
        while (scanner.TryRead(out var record))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (scanner.Fault is { } fault) throw new RowFaultException(fault);
                Add(_format.Read(scanner.Bytes, _encoding), record);
            }
            catch (RowFaultException e)
            {
                _faults.Add(record.Line, e.Message);
            }
        }

        _faults.ThrowIfAny();
    }

    private void ReadHeader(RecordScanner scanner, RecordSpan record)
    {
        try
        {
            if (scanner.Fault is { } fault) throw new RowFaultException(fault);
            _format.ReadHeader(scanner.Bytes, _encoding);
        }
        catch (RowFaultException e)
        {
            throw new DecantException($"{_options.File}:{record.Line}: {e.Message}", inner: e);
        }
    }

    private void Add(Row row, RecordSpan record)
    {
        if (string.IsNullOrWhiteSpace(row.Text)) throw new RowFaultException("the text is empty; give it one or take the row out");
        _hashes.Add(ContentHash.OfText(row.Text, row.Pair));
        _labels.Add(row.Label);
        _index.Add(record);
        _contents?.Add(new TextContent(row.Text, row.Pair));
    }

    private SampleStore ToStore(FileStream stream) => _contents is not null
        ? new MemoryStore(_contents, [.. _hashes]) { Name = _options.File, Lines = _index.ConvertAll(record => record.Line) }
        : new RowFileStore(stream, _format, _encoding, [.. _index], [.. _hashes]) { Name = _options.File };
}

/// <summary>Rows that stay in their file: each is read, parsed and checked against its hash when it is asked for.</summary>
internal sealed class RowFileStore(FileStream stream, RowFormat format, Encoding encoding, RecordSpan[] index, ulong[] hashes) : SampleStore(hashes)
{
    public override SampleContent Read(int row)
    {
        var record = index[row];
        var bytes = new byte[record.Length];
        var content = ReadFully(record.Offset, bytes) ? Parse(bytes) : null;
        if (content is null || ContentHash.Of(content) != HashOf(row))
            throw new DecantException($"{Where(row)}: the file was changed while it was in use; start again with a file that stays as it is.");
        return content;
    }

    public override int LengthOf(int row) => index[row].Length;

    public override string Where(int row) => $"{Name}:{index[row].Line}";

    public override void Dispose()
    {
        stream.Dispose();
        base.Dispose();
    }

    private TextContent? Parse(byte[] bytes)
    {
        try
        {
            var row = format.Read(bytes, encoding);
            return new TextContent(row.Text, row.Pair);
        }
        catch (RowFaultException)
        {
            return null; // it parsed when it was indexed
        }
    }

    private bool ReadFully(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(stream.SafeFileHandle, bytes, offset);
            if (read == 0) return false;
            offset += read;
            bytes = bytes[read..];
        }

        return true;
    }
}
