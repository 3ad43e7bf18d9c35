using System.Globalization;
using System.Text;
using CsvHelper;
using Decant.Data.Labels;

namespace Decant.Data.Sources;

/// <summary>Rows of fields with a delimiter between them, read by CsvHelper as bytes, so that decoding stays strict and offsets exact.</summary>
internal sealed class DelimitedFormat : RowFormat
{
    private readonly DelimitedOptions _options;
    private readonly CsvReaderOptions _reader;
    private readonly NamedColumns _named;
    private readonly char _separator;
    private int _columns; // 0: not known before the first row
    private int _text;
    private int? _pair;
    private int? _label;
    private int? _context;
    private int? _tag;
    private int[] _numbers = [];
    private int[] _labels = [];

    public DelimitedFormat(DelimitedOptions options, char delimiter, bool quotes)
    {
        (_options, _separator) = (options, delimiter);
        _reader = new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false, // it is read below, with messages that name the user's keys
            Mode = quotes ? CsvMode.Rfc4180 : CsvMode.NoEscape,
            BufferSize = 1 << 16,
        };
        _named = options.Columns();
        if (!options.Header) Find(ColumnNumber);
    }

    public override bool IsPrompt => _options.Completion is not null;

    public override IReadOnlyList<string>? Outputs => _options.Target;

    public override string? LabelName => _named.Label?.Name;

    public override bool HasHeader => _options.Header;

    public override bool HasLabelSets => _named.Cells is not null;

    public override RecordScanner Scan(Stream stream, string file) => new DelimitedScanner(stream, file, _reader);

    public override void ReadHeader(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        using var reader = Parse(record);
        var names = Enumerable.Range(0, reader.FieldCount).Select(i => TextEncoding.Decode(encoding, reader.GetSpan(i)).Trim()).ToArray();
        _columns = names.Length;
        Find(column => FindColumn(names, column, _reader.Separator ?? ','));
    }

    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        TextEncoding.Check(encoding, record.Span); // names the byte of the line, not of the field
        using var reader = Parse(record);
        if (_columns == 0)
        {
            _columns = reader.FieldCount;
            CheckNumbers();
        }

        if (reader.FieldCount != _columns) throw new RowFaultException($"expected {_columns} columns, came {reader.FieldCount}");
        return new Row(
            TextEncoding.Decode(encoding, reader.GetSpan(_text)),
            _pair is { } pair ? TextEncoding.Decode(encoding, reader.GetSpan(pair)) : null,
            _label is { } label ? NullIfEmpty(TextEncoding.Decode(encoding, reader.GetSpan(label))) : null,
            ReadNumbers(reader, encoding),
            ReadLabels(reader, encoding))
        {
            Context = _context is { } context && TextEncoding.Decode(encoding, reader.GetSpan(context)) is { Length: > 0 } given ? given : null,
            Tag = _tag is { } tag ? NullIfEmpty(TextEncoding.Decode(encoding, reader.GetSpan(tag))) : null,
        };
    }

    private float[]? ReadNumbers(CsvReader reader, Encoding encoding)
    {
        if (_numbers.Length == 0) return null;
        var numbers = new float?[_numbers.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = RowNumbers.Parse(TextEncoding.Decode(encoding, reader.GetSpan(_numbers[i])), _options.Target![i]);
        return RowNumbers.All(numbers, _options.Target!);
    }

    private IReadOnlyList<string>? ReadLabels(CsvReader reader, Encoding encoding)
    {
        if (_named.Cells is not { } cells) return null;
        var texts = new string[_labels.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = TextEncoding.Decode(encoding, reader.GetSpan(_labels[i]));
        return cells.Of(texts);
    }

    private void Find(Func<NamedColumn, int> indexOf)
    {
        _text = indexOf(_named.Text);
        _pair = _named.Pair is null ? null : indexOf(_named.Pair);
        _label = _named.Label is null || HasLabelSets ? null : indexOf(_named.Label);
        _labels = [.. _named.Labels.Select(indexOf)];
        _numbers = [.. _named.Numbers.Select(indexOf)];
        _context = _named.Context is null ? null : indexOf(_named.Context);
        _tag = _named.Tag is null ? null : indexOf(_named.Tag);
    }

    private CsvReader Parse(ReadOnlyMemory<byte> record)
    {
        var reader = CsvReader.Create(record, _reader);
        reader.Read();
        return reader;
    }

    private static int FindColumn(string[] names, NamedColumn column, char separator)
    {
        var (key, name) = column;
        var index = Array.IndexOf(names, name);
        if (index < 0)
            throw new RowFaultException($"there is no column '{name}' ('{key}'); the header has {ClassList.Show([.. names.Select(n => $"'{n}'")])}{OtherSeparator(names, separator)}"
                + (key == "label" ? "; say 'label: null' for unlabelled text" : ""));
        if (Array.IndexOf(names, name, index + 1) >= 0) throw new RowFaultException($"the header has the column '{name}' twice; rename one of them");
        return index;
    }

    /// <summary>What is to be said where one field holds all of them, separated by another character.</summary>
    private static string OtherSeparator(string[] names, char separator)
    {
        if (names is not [var only]) return "";
        if (separator != '\t' && only.Contains('\t', StringComparison.Ordinal)) return "; its fields have tabs between them: say 'kind: tsv'";
        return Array.Find([';', '|', ','], c => c != separator && only.Contains(c, StringComparison.Ordinal)) is not '\0' and var other
            ? $"; its fields seem to have '{other}' between them: say 'kind: csv' and 'delimiter: \"{other}\"'"
            : "";
    }

    private int ColumnNumber(NamedColumn column)
    {
        var (key, value) = column;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1) return number - 1;
        throw new DecantException($"{_options.File}: with 'header: false' a column is its number, from 1; came '{key}: {value}'.");
    }

    private void CheckNumbers()
    {
        var highest = _numbers.Concat(_labels).Append(_text).Append(_pair ?? 0).Append(_label ?? 0).Append(_context ?? 0).Append(_tag ?? 0).Max() + 1;
        if (highest > _columns) throw new DecantException($"{_options.File}: column {highest} was requested, and the first row has {_columns}.");
    }
}

/// <summary>CsvHelper's reader, for where each record lies and whether its quotes are right.</summary>
internal sealed class DelimitedScanner : RecordScanner
{
    private readonly string _file;
    private readonly CsvReader _reader;
    private byte[] _bytes = new byte[1 << 12];
    private int _length;
    private string? _fault;

    public DelimitedScanner(Stream stream, string file, CsvReaderOptions options)
    {
        _file = file;
        _reader = CsvReader.Create(stream, options with { TrackLineNumbers = true, MaxRecordSize = MaxRecordBytes, OnMalformedRecord = Note }, leaveOpen: true);
    }

    public override ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    public override string? Fault => _fault;

    public override bool TryRead(out RecordSpan record)
    {
        _fault = null;
        record = default;
        var line = _reader.LineNumber;
        try
        {
            if (!_reader.Read()) return false;
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException)
        {
            throw new DecantException($"{TooLong(_file, line + 1).Message} ({e.Message})", inner: e);
        }

        var raw = _reader.RawRecord;
        if (raw.Length > _bytes.Length) _bytes = new byte[raw.Length * 2];
        raw.CopyTo(_bytes);
        _length = raw.Length;
        record = new(_reader.ByteOffset, raw.Length, _reader.LineNumber);
        return true;
    }

    public override void Dispose()
    {
        _reader.Dispose();
        base.Dispose();
    }

    private void Note(CsvMalformedRecord malformed) => _fault = malformed.Reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "a quoted field is never closed; double the quotes inside it, or say 'quotes: false'",
        CsvMalformedReason.TextAfterClosingQuote => "text follows the closing quote of a field; double the quotes inside the field, or say 'quotes: false'",
        CsvMalformedReason.StrayQuote => "a quote stands in a field that is not quoted; quote the field and double the quotes in it, or say 'quotes: false'",
        _ => $"the quotes are wrong ({malformed.Reason})",
    };
}
