namespace Decant.Data.Labels;

/// <summary>The sets of labels of all rows, as indices into the names seen while reading, and what those names are among the classes.</summary>
internal sealed class LabelSetColumn : AnnotationColumn
{
    private const int Unknown = -1;
    private readonly IReadOnlyList<int[]?> _rows;
    private readonly IReadOnlyList<string> _names;
    private readonly int[] _classOf;
    private readonly int _classes;

    private LabelSetColumn(IReadOnlyList<int[]?> rows, IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        (_rows, _names, _classes) = (rows, names, classes.Count);
        var index = ClassList.IndexOf(classes);
        _classOf = [.. names.Select(name => index.GetValueOrDefault(name, Unknown))];
    }

    /// <inheritdoc/>
    public override LabelKind Kind => LabelKind.LabelSet;

    /// <summary>A column with labels that are all among the classes.</summary>
    /// <exception cref="DecantException">A label is none of them; the message says where.</exception>
    public static LabelSetColumn Create(IReadOnlyList<int[]?> rows, IReadOnlyList<string> names, IReadOnlyList<string> classes, Func<int, string> where)
    {
        var column = new LabelSetColumn(rows, names, classes);
        column.Check(Enumerable.Range(0, rows.Count), classes, where);
        return column;
    }

    /// <inheritdoc/>
    public override bool Has(int row) => _rows[row] is not null;

    /// <inheritdoc/>
    public override Annotation Of(int row) => new LabelSetAnnotation([.. _rows[row]!.Select(name => _classOf[name]).Order()], _classes);

    /// <inheritdoc/>
    public override AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where)
    {
        var column = new LabelSetColumn(_rows, _names, to);
        column.Check(rows, to, where);
        return column;
    }

    /// <inheritdoc/>
    public override void CountInto(int[] counts, int row)
    {
        foreach (var name in _rows[row]!) counts[_classOf[name]]++;
    }

    private void Check(IEnumerable<int> rows, IReadOnlyList<string> classes, Func<int, string> where)
    {
        if (!_classOf.Contains(Unknown)) return;
        foreach (var row in rows)
            if (Array.FindIndex(_rows[row] ?? [], name => _classOf[name] == Unknown) is var at and >= 0) throw ClassList.UnknownLabel(_names[_rows[row]![at]], where(row), classes);
    }
}

/// <summary>Collects the sets of labels of a source while it is read.</summary>
internal sealed class LabelSetBuilder
{
    private readonly List<int[]?> _rows = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Count;

    /// <summary>How many of them have nothing, not even an empty set.</summary>
    public int Unlabelled => _rows.Count(row => row is null);

    /// <summary>How many labels the rows have together.</summary>
    public long Labels => _rows.Sum(row => (long)(row?.Length ?? 0));

    /// <summary>The names that occur.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Adds a row.</summary>
    /// <param name="labels">Its labels, of which one may stand twice; null: it is unlabelled.</param>
    public void Add(IReadOnlyList<string>? labels)
    {
        if (labels is null)
        {
            _rows.Add(null);
            return;
        }

        var row = new List<int>(labels.Count);
        foreach (var label in labels)
        {
            if (!_index.TryGetValue(label, out var name))
            {
                _index[label] = name = _names.Count;
                _names.Add(label);
            }

            if (!row.Contains(name)) row.Add(name);
        }

        _rows.Add([.. row]);
    }

    /// <summary>The column.</summary>
    public LabelSetColumn ToColumn(IReadOnlyList<string> classes, Func<int, string> where) => LabelSetColumn.Create(_rows, _names, classes, where);
}
