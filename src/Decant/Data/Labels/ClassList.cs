using System.Globalization;

namespace Decant.Data.Labels;

/// <summary>The order and the checks of class names.</summary>
internal static class ClassList
{
    private const int NamesShown = 12;
    private const int MostShown = 40;

    /// <summary>By number where all names are integers, otherwise by their code units.</summary>
    public static IReadOnlyList<string> Sort(IEnumerable<string> names)
    {
        var all = names.ToArray();
        if (!all.All(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            return [.. all.Order(StringComparer.Ordinal)];
        return [.. all.OrderBy(name => long.Parse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ThenBy(name => name, StringComparer.Ordinal)];
    }

    /// <summary>A list that the user gave: not empty, each name once.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> classes, string where)
    {
        if (classes.Count == 0) throw new DecantException($"{where}: 'classes' is an empty list; name the classes or leave the key out.");
        var twice = classes.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new DecantException($"{where}: 'classes' names '{twice.Key}' {twice.Count()} times; name every class once.");
        return classes;
    }

    public static Dictionary<string, int> IndexOf(IReadOnlyList<string> classes) =>
        classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);

    public static DecantException UnknownLabel(string label, string where, IReadOnlyList<string> classes, string kind = "label") => new(
        $"{where}: the {kind} '{Short(label)}' is not one of the {classes.Count} classes ({Show(classes)}); "
        + "the classes come from the training data: add samples of this class to it, give 'classes', or take these samples out.");

    public static string Show(IReadOnlyList<string> classes) =>
        string.Join(", ", classes.Take(NamesShown).Select(Short)) + (classes.Count > NamesShown ? ", …" : "");

    /// <summary>A name as messages show it: on one line, and not whole where it is long.</summary>
    public static string Short(string name)
    {
        var line = name.ReplaceLineEndings(" ");
        return line.Length <= MostShown ? line : line[..MostShown] + "…";
    }
}

/// <summary>The labels of a source while it is read: every row's name as an index into the names seen so far.</summary>
internal sealed class LabelColumn
{
    private readonly List<int> _values = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public IReadOnlyList<string> Names => _names;

    /// <summary>How many rows there are.</summary>
    public int Count => _values.Count;

    /// <summary>How many of them have no label.</summary>
    public int Unlabelled => _values.Count(value => value < 0);

    public void Add(string? label)
    {
        if (label is null)
        {
            _values.Add(-1);
            return;
        }

        if (!_index.TryGetValue(label, out var value))
        {
            _index[label] = value = _names.Count;
            _names.Add(label);
        }

        _values.Add(value);
    }

    public int[] ToIndices(IReadOnlyList<string> classes, Func<int, string> where)
    {
        var index = ClassList.IndexOf(classes);
        var map = _names.Select(name => index.GetValueOrDefault(name, -1)).ToArray();
        var labels = new int[_values.Count];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = _values[row] < 0 ? -1 : map[_values[row]];
            if (labels[row] < 0 && _values[row] >= 0) throw ClassList.UnknownLabel(_names[_values[row]], where(row), classes);
        }

        return labels;
    }
}
