namespace Decant.Data.Labels;

/// <summary>The tags of every row's words, as indices into the names seen while reading, and what those names are among the classes.</summary>
internal sealed class TagColumn : AnnotationColumn
{
    private const int Unknown = -1;
    private readonly IReadOnlyList<int[]?> _rows;
    private readonly IReadOnlyList<string> _names;
    private readonly int[] _classOf;

    private TagColumn(IReadOnlyList<int[]?> rows, IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        (_rows, _names) = (rows, names);
        var index = ClassList.IndexOf(classes);
        _classOf = [.. names.Select(name => index.GetValueOrDefault(name, Unknown))];
    }

    public override LabelKind Kind => LabelKind.Tags;

    /// <summary>A column with tags that are all among the classes.</summary>
    /// <exception cref="DecantException">A tag is none of them; the message says where and at which word.</exception>
    public static TagColumn Create(IReadOnlyList<int[]?> rows, IReadOnlyList<string> names, IReadOnlyList<string> classes, Func<int, string> where)
    {
        var column = new TagColumn(rows, names, classes);
        column.Check(Enumerable.Range(0, rows.Count), classes, where);
        return column;
    }

    public override bool Has(int row) => _rows[row] is not null;

    public override Annotation Of(int row)
    {
        var tags = _rows[row]!;
        var classes = new int[tags.Length];
        for (var i = 0; i < tags.Length; i++) classes[i] = _classOf[tags[i]];
        return new TagAnnotation(classes);
    }

    public override AnnotationColumn WithClasses(IReadOnlyList<string> from, IReadOnlyList<string> to, IEnumerable<int> rows, Func<int, string> where)
    {
        var column = new TagColumn(_rows, _names, to);
        column.Check(rows, to, where);
        return column;
    }

    public override void CountInto(int[] counts, int row)
    {
        foreach (var tag in _rows[row]!) counts[_classOf[tag]]++;
    }

    private void Check(IEnumerable<int> rows, IReadOnlyList<string> classes, Func<int, string> where)
    {
        if (!_classOf.Contains(Unknown)) return;
        foreach (var row in rows)
        {
            var word = Array.FindIndex(_rows[row] ?? [], tag => _classOf[tag] == Unknown);
            if (word >= 0) throw ClassList.UnknownLabel(_names[_rows[row]![word]], $"{where(row)}, word {word + 1}", classes, "tag");
        }
    }
}

/// <summary>Collects the tags of a source while it is read.</summary>
internal sealed class TagColumnBuilder
{
    private readonly List<int[]?> _rows = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public void Add(IReadOnlyList<string>? tags)
    {
        if (tags is null)
        {
            _rows.Add(null);
            return;
        }

        var row = new int[tags.Count];
        for (var i = 0; i < row.Length; i++)
        {
            if (!_index.TryGetValue(tags[i], out row[i]))
            {
                _index[tags[i]] = row[i] = _names.Count;
                _names.Add(tags[i]);
            }
        }

        _rows.Add(row);
    }

    /// <summary>The tags that occur: O, the tag of words that are part of nothing, first, the others sorted.</summary>
    public IReadOnlyList<string> Classes() =>
        [.. _names.Where(name => name == "O"), .. _names.Where(name => name != "O").Order(StringComparer.Ordinal)];

    public TagColumn ToColumn(IReadOnlyList<string> classes, Func<int, string> where) => TagColumn.Create(_rows, _names, classes, where);
}
