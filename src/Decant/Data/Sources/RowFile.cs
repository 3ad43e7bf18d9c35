using System.Text;

namespace Decant.Data.Sources;

/// <summary>Reads a text file of rows into memory, or, where it is large, into an index of where its rows lie.</summary>
internal sealed class RowFile
{
    private readonly TextFileOptions _options;
    private readonly RowFormat _format;
    private readonly Encoding _encoding;
    private readonly RowTable _table;
    private readonly List<ulong> _hashes = [];
    private readonly List<SampleContent>? _contents;
    private readonly List<RecordSpan> _index = [];
    private readonly RowFaults _faults;

    private RowFile(TextFileOptions options, RowFormat format, bool inMemory, Encoding encoding)
    {
        _options = options;
        _format = format;
        _encoding = encoding;
        _table = new RowTable { Name = options.File, Empty = options.Empty, Classes = options.Classes, IsPrompt = format.IsPrompt, Outputs = format.Outputs, LabelName = format.LabelName, HasLabelSets = format.HasLabelSets, HasRankings = format.HasRankings };
        _faults = new RowFaults(options.File);
        if (inMemory) _contents = [];
    }

    public static Dataset Open(TextFileOptions options, RowFormat format, CancellationToken cancellationToken)
    {
        var stream = SourceFile.Open(options.File);
        var inMemory = stream.Length <= options.MaxInMemoryBytes;
        try
        {
            using var text = OpenedText.Open(stream, options.File, options.Encoding, options.MaxInMemoryBytes);
            var file = new RowFile(options, format, inMemory, text.Encoding);
            file.Scan(text.Bytes, cancellationToken);
            return file._table.ToDataset(file.ToStore(stream));
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

    private void Scan(Stream stream, CancellationToken cancellationToken)
    {
        using var scanner = _format.Scan(stream, _options.File);
        if (_format.HasHeader && scanner.TryRead(out var header)) ReadHeader(scanner, header, () => SourceFile.EncodingHint(stream, _options.Encoding));
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
                _faults.Add(record.Line, e);
            }
        }

        _faults.ThrowIfAny(() => _faults.HasEncodingFault ? SourceFile.EncodingHint(stream, _options.Encoding) : "");
    }

    private void ReadHeader(RecordScanner scanner, RecordSpan record, Func<string> hint)
    {
        try
        {
            if (scanner.Fault is { } fault) throw new RowFaultException(fault);
            _format.ReadHeader(scanner.Bytes, _encoding);
        }
        catch (RowFaultException e)
        {
            throw new DecantException($"{_options.File}:{record.Line}: {e.Message}{(e.IsOfEncoding ? hint() : "")}", inner: e);
        }
    }

    private void Add(Row row, RecordSpan record)
    {
        if (_table.Add(row) is not { } content) return;
        _hashes.Add(ContentHash.Of(content));
        _index.Add(record);
        _contents?.Add(content);
    }

    private SampleStore ToStore(FileStream stream) => _contents is not null
        ? new MemoryStore(_contents, [.. _hashes]) { Name = _options.File, Lines = _index.ConvertAll(record => record.Line), Remarks = _table.Remarks() }
        : new RowFileStore(stream, _format, _encoding, [.. _index], [.. _hashes]) { Name = _options.File, Remarks = _table.Remarks() };
}

/// <summary>Rows that stay in their file: each is read, parsed and checked against its hash when it is requested.</summary>
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

    private SampleContent? Parse(byte[] bytes)
    {
        try
        {
            return format.ContentOf(format.Read(bytes, encoding));
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
