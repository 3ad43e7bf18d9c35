using Decant.Data.Labels;
using Decant.Data.Pictures;
using Decant.Data.Sources;

namespace Decant.Data.Columns;

/// <summary>Reads the rows of Parquet files into samples, a row group at a time.</summary>
internal sealed class ParquetRows : IDisposable
{
    private readonly ParquetSourceOptions _options;
    private readonly IReadOnlyList<string> _files;
    private readonly string _name;
    private readonly NamedColumns _named;
    private readonly KeptSamples _samples;
    private readonly List<(int File, int Row)> _places = [];
    private readonly TagColumnBuilder _tags = new();
    private readonly PictureReader _pictures;
    private readonly RowFaults _faults;
    private (long Count, string? First) _unreadable;
    private RowTable? _table;
    private IReadOnlyList<string>? _names;

    public ParquetRows(ParquetSourceOptions options, IReadOnlyList<string> files)
    {
        (_options, _files) = (options, files);
        _name = files.Count == 1 ? files[0] : $"{files[0]} and {files.Count - 1} files more";
        _named = NamedColumns.Of("parquet", (options.Text, options.Pair), options.Label, options.Target, (options.Prompt, options.Completion), options.Classes)
            .With("parquet", options.Labels, ",", options.Classes, options.Target);
        _samples = new KeptSamples(options.MaxInMemoryBytes);
        _pictures = new PictureReader(options, _name);
        _faults = new RowFaults(_name);
    }

    public Dataset Read(CancellationToken cancellationToken)
    {
        for (var number = 0; number < _files.Count; number++)
        {
            using var file = new ParquetFile(_files[number]);
            var columns = new ParquetColumns(file, HubFeatures.Names(file));
            if (number == 0) Begin(columns);
            for (var (group, first) = (0, 0); group < file.Groups.Count; first += file.Groups[group++])
            {
                cancellationToken.ThrowIfCancellationRequested();
                var place = (number, first);
                if (_options.Words is not null) ReadWords(columns, group, place);
                else if (_options.Image is not null) ReadImages(columns, group, place, cancellationToken);
                else ReadTexts(columns, group, place);
            }
        }

        _pictures.ThrowIfAny();
        _faults.ThrowIfAny();
        return ToDataset();
    }

    public void Dispose() => _samples.Dispose();

    private void Begin(ParquetColumns columns)
    {
        var label = _options.Words is not null ? _options.Tags : _options.Target is not null || _options.Completion is not null ? null : _options.Labels is { } several ? several.Count == 1 ? several[0] : null : _options.Label;
        _names = _options.Classes ?? (label is null ? null : columns.NamesOf(label));
        _table = new RowTable
        {
            Name = _name,
            Empty = _options.Empty,
            Classes = _options.Target is null ? _names : _options.Classes,
            IsPrompt = _options.Completion is not null,
            Outputs = _options.Target,
            LabelName = _options.Words is null ? _options.Labels is null ? label : string.Join(", ", _options.Labels) : null,
            HasLabelSets = _options.Labels is not null,
        };
    }

    private void ReadTexts(ParquetColumns columns, int group, (int File, int First) place)
    {
        var texts = columns.Texts(_named.Text, group);
        var pairs = _named.Pair is { } pair ? columns.Texts(pair, group) : null;
        var labels = _named.Label is { } label && _options.Labels is null ? columns.Labels(label, group) : null;
        var sets = LabelSets(columns, group);
        var numbers = _named.Numbers.Select(number => columns.Numbers(number, group)).ToArray();
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row]?.Contains('\uFFFD', StringComparison.Ordinal) is true) _unreadable = (_unreadable.Count + 1, _unreadable.First ?? Place(place.File, place.First + row));
            Guard(place, row, () =>
            {
                var all = numbers.Length == 0 ? null : RowNumbers.All([.. numbers.Select(n => n[row])], _options.Target!);
                return _table!.Add(new Row(texts[row] ?? "", pairs is null ? null : pairs[row] ?? "", labels?.Invoke(row), all, sets?.Invoke(row)));
            });
        }
    }

    /// <summary>The labels of each row, of which there may be any number; null: it has one class.</summary>
    private Func<int, IReadOnlyList<string>?>? LabelSets(ParquetColumns columns, int group)
    {
        if (_options.Labels is null) return null;
        if (_named.Labels is [var only])
        {
            var lists = columns.Lists(only, group, areTags: true);
            return row => lists(row) is not { } names ? null : names.Contains(null) ? throw new RowFaultException($"'{only.Name}' holds a null beside its labels; take it out") : names.ConvertAll(name => name!);
        }

        var cells = _named.Labels.Select(column => columns.Labels(column, group)).ToArray();
        return row => _named.Cells!.Of([.. cells.Select(cell => cell(row) ?? "")]);
    }

    private void ReadWords(ParquetColumns columns, int group, (int File, int First) place)
    {
        var words = columns.Lists(new("words", _options.Words!), group, areTags: false);
        var tags = _options.Tags is { } column ? columns.Lists(new("tags", column), group, areTags: true) : null;
        for (var row = 0; row < columns.RowsOf(group); row++)
            Guard(place, row, () => Sentence(words(row), tags?.Invoke(row)));
    }

    private WordsContent? Sentence(List<string?>? words, List<string?>? tags)
    {
        if (words is not { Count: > 0 })
        {
            _table!.LeaveOut("list of words");
            return null;
        }

        if (words.FindIndex(string.IsNullOrEmpty) is var empty and >= 0) throw new RowFaultException($"word {empty + 1} is empty");
        if (tags is not null && tags.Count != words.Count) throw new RowFaultException($"{words.Count} words have {tags.Count} tags; give every word one");
        if (tags is not null && tags.FindIndex(tag => tag is null) is var none and >= 0) throw new RowFaultException($"word {none + 1} has no tag");
        _tags.Add(tags?.ConvertAll(tag => tag!));
        return new WordsContent(words.ConvertAll(word => word!));
    }

    private void ReadImages(ParquetColumns columns, int group, (int File, int First) place, CancellationToken cancellationToken)
    {
        var pictures = columns.Pictures(new("image", _options.Image!), group);
        var labels = _named.Label is { } label ? columns.Labels(label, group) : null;
        var rows = Enumerable.Range(0, pictures.Length).Where(row => pictures[row] is { Length: > 0 } || IsLeftOut(place, row)).ToArray();
        _pictures.Read(rows.Select(row => (Place(place.File, place.First + row), (Func<byte[]>)(() => pictures[row]!))), (n, image) => Guard(place, rows[n], () =>
        {
            _table!.AddLabel(labels?.Invoke(rows[n]));
            return image;
        }), cancellationToken);
    }

    /// <summary>Counts a row without a picture; always false.</summary>
    private bool IsLeftOut((int File, int First) place, int row)
    {
        Guard(place, row, () =>
        {
            _table!.LeaveOut("picture");
            return null;
        });
        return false;
    }

    private void Guard((int File, int First) place, int row, Func<SampleContent?> read)
    {
        try
        {
            if (read() is not { } content) return;
            _samples.Add(content);
            _places.Add((place.File, place.First + row));
        }
        catch (RowFaultException fault)
        {
            _faults.AddAt(Place(place.File, place.First + row), fault.Message);
        }
    }

    private string Place(int file, int row) => $"{_files[file]}, row {row + 1}";

    private Dataset ToDataset()
    {
        var (places, files) = (_places.ToArray(), _files);
        List<string> remarks = [.. _table!.Remarks(), .. _pictures.Remarks()];
        if (_unreadable.Count > 0)
            remarks.Add(FormattableString.Invariant($"{_name}: {_unreadable.Count:N0} rows have the replacement character (U+FFFD) in their text, as bytes that are no UTF-8 come out; the first is {_unreadable.First}."));
        var store = _samples.ToStore(_name, row => $"{files[places[row].File]}, row {places[row].Row + 1}", remarks);
        try
        {
            return _options.Words is null ? _table.ToDataset(store) : Dataset.Create(store, _tags, _names);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
