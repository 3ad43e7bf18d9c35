using Decant.Data.Labels;
using Decant.Data.Sources;
using Parquet.Schema;

namespace Decant.Data.Columns;

/// <summary>The columns of a file as a recipe names them: found, of the right type, and read for one row group.</summary>
/// <param name="file">The file.</param>
/// <param name="names">The names of classes that it says, by column.</param>
internal sealed class ParquetColumns(ParquetFile file, IReadOnlyDictionary<string, IReadOnlyList<string>> names)
{
    /// <summary>How many rows a row group has.</summary>
    public int RowsOf(int group) => file.Groups[group];

    /// <summary>The names of a column's classes that the file says; null: it says none.</summary>
    public IReadOnlyList<string>? NamesOf(string column) => names.GetValueOrDefault(column);

    /// <summary>Strings.</summary>
    /// <exception cref="DecantException">There is no such column, it is of another type, or the file is damaged.</exception>
    public string?[] Texts(NamedColumn named, int group)
    {
        var column = (DataField)Find(named, ColumnType.IsText, "strings");
        using var data = file.Read(group, column);
        return ColumnValues<string>.Flat(data, column, file.Groups[group], ColumnType.Texts(data)) ?? throw Uneven(named);
    }

    /// <summary>Classes by name, asked for row by row; null where a row has none.</summary>
    /// <inheritdoc cref="Texts" path="/exception"/>
    public Func<int, string?> Labels(NamedColumn named, int group)
    {
        var column = (DataField)Find(named, c => ColumnType.IsText(c) || ColumnType.IsWhole(c) || ColumnType.IsTruth(c), "strings, whole numbers, or true and false");
        using var data = file.Read(group, column);
        var values = ColumnValues<string>.Flat(data, column, file.Groups[group], ColumnType.Names(data)) ?? throw Uneven(named);
        return NamesOf(named.Name) is { } classes && ColumnType.IsWhole(column) ? row => Named(values[row], classes, named) : row => values[row];
    }

    /// <summary>Numbers; null where a row has none.</summary>
    /// <inheritdoc cref="Texts" path="/exception"/>
    public float?[] Numbers(NamedColumn named, int group)
    {
        var column = (DataField)Find(named, ColumnType.IsNumber, "numbers");
        using var data = file.Read(group, column);
        var number = ColumnType.Numbers(data);
        var values = ColumnValues<object>.Flat(data, column, file.Groups[group], n => (float)number(n)) ?? throw Uneven(named);
        var bad = Array.FindIndex(values, value => value is float f && !float.IsFinite(f));
        return bad < 0 ? Array.ConvertAll(values, value => (float?)value)
            : throw new DecantException($"{file.Path}, row {file.Groups.Take(group).Sum() + bad + 1}: '{named.Name}' must be a finite number, came {values[bad]}.");
    }

    /// <summary>Lists of words or of names of tags, asked for row by row; null where a row has none.</summary>
    /// <inheritdoc cref="Texts" path="/exception"/>
    public Func<int, List<string?>?> Lists(NamedColumn named, int group, bool areTags)
    {
        var list = (ListField)Find(named, c => c is ListField { Item: var item } && (ColumnType.IsText(item) || (areTags && ColumnType.IsWhole(item))), areTags ? "lists of strings or of whole numbers" : "lists of strings");
        var item = (DataField)list.Item;
        using var data = file.Read(group, item);
        var lists = ColumnValues<string>.Lists(data, list, item, file.Groups[group], areTags ? ColumnType.Names(data) : ColumnType.Texts(data)) ?? throw Uneven(named);
        return NamesOf(named.Name) is { } classes && ColumnType.IsWhole(item) ? row => lists[row]?.ConvertAll(value => Named(value, classes, named)) : row => lists[row];
    }

    /// <summary>Encoded pictures, in a column of bytes or in one of structures with <c>bytes</c>.</summary>
    /// <inheritdoc cref="Texts" path="/exception"/>
    public byte[]?[] Pictures(NamedColumn named, int group)
    {
        var found = Find(named, c => BytesOf(c) is not null, "encoded pictures: bytes, or structures with 'bytes'");
        var column = BytesOf(found)!;
        using var data = file.Read(group, column);
        return ColumnValues<byte[]>.Flat(data, column, file.Groups[group], ColumnType.Bytes(data)) ?? throw Uneven(named);
    }

    private static DataField? BytesOf(Field column) => column switch
    {
        StructField structure => structure.Fields.OfType<DataField>().FirstOrDefault(f => f.Name == "bytes" && ColumnType.IsBytes(f)),
        _ => ColumnType.IsBytes(column) ? (DataField)column : null,
    };

    private Field Find(NamedColumn named, Func<Field, bool> isRight, string expected)
    {
        var column = file.Columns.FirstOrDefault(c => c.Name == named.Name) ?? throw new DecantException(
            $"{file.Path}: there is no column '{named.Name}' ('{named.Key}'); it has {ClassList.Show([.. file.Columns.Select(c => $"'{c.Name}'")])}{(named.Key == "label" ? "; say 'label: null' for unlabelled samples" : "")}.");
        return isRight(column) ? column : throw new DecantException($"{file.Path}: the column '{named.Name}' ('{named.Key}') has {ColumnType.Words(column)}; expected {expected}.");
    }

    /// <summary>The name of a class by its number; −1 is none, as in data sets whose test labels are kept back.</summary>
    private static string? Named(string? number, IReadOnlyList<string> classes, NamedColumn named) => number switch
    {
        null or "-1" => null,
        _ => int.TryParse(number, out var n) && n >= 0 && n < classes.Count ? classes[n]
            : throw new RowFaultException($"'{named.Name}' is {number}, and the file says the names of {classes.Count} classes ({ClassList.Show(classes)})"),
    };

    private DecantException Uneven(NamedColumn named) => file.Damaged($"the column '{named.Name}' has not as many values as there are rows");
}
