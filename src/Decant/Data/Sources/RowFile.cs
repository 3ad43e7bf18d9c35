using System.Globalization;
using System.Text;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

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
    private readonly List<float[]?> _numbers = [];
    private readonly RowFaults _faults;
    private long _empty;

    private RowFile(TextFileOptions options, RowFormat format, bool inMemory, Encoding encoding)
    {
        _options = options;
        _format = format;
        _encoding = encoding;
        _faults = new RowFaults(options.File);
        if (inMemory) _contents = [];
    }

    public static Dataset Open(TextFileOptions options, RowFormat format, CancellationToken cancellationToken)
    {
        var stream = SourceFile.Open(options.File);
        var inMemory = stream.Length <= options.MaxInMemoryBytes;
        try
        {
            using var text = EncodedText.Open(stream, options.File, options.Encoding, options.MaxInMemoryBytes);
            var file = new RowFile(options, format, inMemory, text.Encoding);
            file.Scan(text.Bytes, cancellationToken);
            return file.ToDataset(stream);
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
        if (EmptyPart(row) is { } part)
        {
            if (_options.Empty == EmptyRows.Refuse)
                throw new RowFaultException($"the {part} is empty; give it text, take the row out, or say 'empty: drop' to leave all such rows out");
            _empty++;
            return;
        }

        var content = _format.ContentOf(row);
        _hashes.Add(ContentHash.Of(content));
        if (_format.Outputs is null) _labels.Add(row.Label);
        else _numbers.Add(row.Numbers);
        _index.Add(record);
        _contents?.Add(content);
    }

    private string? EmptyPart(Row row)
    {
        if (string.IsNullOrWhiteSpace(row.Text)) return _format.IsPrompt ? "prompt" : "text";
        return _format.IsPrompt && string.IsNullOrEmpty(row.Pair) ? "completion" : null;
    }

    /// <summary>What is reported of rows that were left out, and of those that have no label.</summary>
    private IEnumerable<string> Remarks()
    {
        if (_empty > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{_options.File}: {_empty:N0} rows without text were left out ('empty: drop').");
        var unlabelled = _format.LabelName is null ? 0 : _labels.Unlabelled;
        if (unlabelled > 0 && unlabelled < _labels.Count)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{_options.File}: {unlabelled:N0} of {_labels.Count:N0} rows have nothing in '{_format.LabelName}': they are samples without a label, which the student learns from its teacher alone, and which nothing is measured on.");
        }
    }

    private Dataset ToDataset(FileStream stream)
    {
        if (_options.Classes is null && _format.LabelName is { } name) LabelCheck.RefuseText(_options.File, name, _labels);
        var store = ToStore(stream);
        if (_format.Outputs is { } outputs) return Dataset.Create(store, new NumberColumn(_numbers), ClassList.Check(_options.Classes ?? outputs, _options.File));
        var data = Dataset.Create(store, _labels, _options.Classes);
        return _format.IsPrompt ? data.WithOwnLabels() : data;
    }

    private SampleStore ToStore(FileStream stream) => _contents is not null
        ? new MemoryStore(_contents, [.. _hashes]) { Name = _options.File, Lines = _index.ConvertAll(record => record.Line), Remarks = [.. Remarks()] }
        : new RowFileStore(stream, _format, _encoding, [.. _index], [.. _hashes]) { Name = _options.File, Remarks = [.. Remarks()] };
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
