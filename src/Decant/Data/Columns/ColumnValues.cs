using System.Globalization;
using Decant.Data.Sources;
using Parquet.Data;
using Parquet.Schema;

namespace Decant.Data.Columns;

/// <summary>One column of a row group, a value for each row; null where the row has none.</summary>
/// <typeparam name="T">What a value is taken for.</typeparam>
internal static class ColumnValues<T> where T : class
{
    /// <summary>The values of a column that has one in each row.</summary>
    /// <param name="data">What was read.</param>
    /// <param name="column">The column.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="of">What becomes of the n-th value that is there.</param>
    /// <returns>Null where the values are not as many as the rows: the file is damaged.</returns>
    public static T?[]? Flat(RawColumnData data, DataField column, int rows, Func<int, T?> of)
    {
        var values = new T?[rows];
        if (column.MaxDefinitionLevel == 0)
        {
            for (var row = 0; row < rows; row++) values[row] = of(row);
            return values;
        }

        var levels = data.DefinitionLevels;
        if (levels.Length != rows) return null;
        for (var (row, next) = (0, 0); row < rows; row++)
            if (levels[row] == column.MaxDefinitionLevel) values[row] = of(next++);
        return values;
    }

    /// <summary>The values of a column of lists; an empty list where the row's is empty, null where it has none.</summary>
    /// <param name="data">What was read.</param>
    /// <param name="list">The column.</param>
    /// <param name="item">The column of its values.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="of">What becomes of the n-th value that is there.</param>
    public static List<T?>?[]? Lists(RawColumnData data, ListField list, DataField item, int rows, Func<int, T?> of)
    {
        var definitions = data.DefinitionLevels;
        var repetitions = data.RepetitionLevels;
        var values = new List<T?>?[rows];
        var row = -1;
        if (definitions.Length != repetitions.Length) return null;
        for (var (at, next) = (0, 0); at < definitions.Length; at++)
        {
            if (repetitions[at] == 0 && ++row == rows) return null;
            if (row < 0) return null;
            if (definitions[at] >= list.MaxDefinitionLevel) (values[row] ??= []).Add(definitions[at] == item.MaxDefinitionLevel ? of(next++) : null);
            else if (definitions[at] == list.MaxDefinitionLevel - 1) values[row] = [];
        }

        return row == rows - 1 ? values : null;
    }
}

/// <summary>How a value of a column's type is read; null where the type is another.</summary>
internal static class ColumnType
{
    /// <summary>Whether values are strings.</summary>
    public static bool IsText(Field column) => column is DataField { ClrType: var type } && type == typeof(ReadOnlyMemory<char>);

    /// <summary>Whether values are bytes.</summary>
    public static bool IsBytes(Field column) => column is DataField { ClrType: var type } && type == typeof(ReadOnlyMemory<byte>);

    /// <summary>Whether values are whole numbers.</summary>
    public static bool IsWhole(Field column) => column is DataField { ClrType: var type }
        && (type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(sbyte) || type == typeof(ulong) || type == typeof(uint) || type == typeof(ushort) || type == typeof(byte));

    /// <summary>Whether values are numbers.</summary>
    public static bool IsNumber(Field column) => IsWhole(column)
        || (column is DataField { ClrType: var type } && (type == typeof(float) || type == typeof(double) || type == typeof(decimal) || type == typeof(Half)));

    /// <summary>Whether values are true or false.</summary>
    public static bool IsTruth(Field column) => column is DataField { ClrType: var type } && type == typeof(bool);

    /// <summary>The n-th string.</summary>
    public static Func<int, string?> Texts(RawColumnData data) => data is RawColumnData<ReadOnlyMemory<char>> texts ? n => texts.Values[n].ToString() : throw Other(data);

    /// <summary>The n-th bytes.</summary>
    public static Func<int, byte[]?> Bytes(RawColumnData data) => data is RawColumnData<ReadOnlyMemory<byte>> bytes ? n => bytes.Values[n].ToArray() : throw Other(data);

    /// <summary>The n-th whole number.</summary>
    public static Func<int, long> Wholes(RawColumnData data) => data switch
    {
        RawColumnData<long> v => n => v.Values[n],
        RawColumnData<int> v => n => v.Values[n],
        RawColumnData<short> v => n => v.Values[n],
        RawColumnData<sbyte> v => n => v.Values[n],
        RawColumnData<ulong> v => n => checked((long)v.Values[n]),
        RawColumnData<uint> v => n => v.Values[n],
        RawColumnData<ushort> v => n => v.Values[n],
        RawColumnData<byte> v => n => v.Values[n],
        _ => throw Other(data),
    };

    /// <summary>The n-th number.</summary>
    public static Func<int, double> Numbers(RawColumnData data) => data switch
    {
        RawColumnData<float> v => n => v.Values[n],
        RawColumnData<double> v => n => v.Values[n],
        RawColumnData<decimal> v => n => (double)v.Values[n],
        RawColumnData<Half> v => n => (double)v.Values[n],
        _ when Wholes(data) is { } whole => n => whole(n),
        _ => throw Other(data),
    };

    /// <summary>The n-th value as the name of a class: a string, a whole number, or true or false.</summary>
    public static Func<int, string?> Names(RawColumnData data)
    {
        if (data is RawColumnData<bool> truths) return n => truths.Values[n] ? "true" : "false";
        if (data is RawColumnData<ReadOnlyMemory<char>>)
        {
            var texts = Texts(data);
            return n => texts(n)?.Trim() is { Length: > 0 } name ? name : null;
        }

        var (whole, names) = (Wholes(data), new Dictionary<long, string>());
        return n =>
        {
            var number = whole(n);
            if (!names.TryGetValue(number, out var name)) names[number] = name = number.ToString(CultureInfo.InvariantCulture);
            return name;
        };
    }

    /// <summary>A column's type in words, for messages.</summary>
    public static string Words(Field column) => column switch
    {
        ListField { Item: ListField or StructField or MapField } list => $"lists of {Words(list.Item)}",
        ListField list => $"lists of {Words(list.Item)}",
        StructField structure => $"structures of {string.Join(", ", structure.Fields.Select(f => f.Name))}",
        MapField => "maps",
        _ when IsText(column) => "strings",
        _ when IsBytes(column) => "bytes",
        _ when IsTruth(column) => "true or false",
        _ when IsWhole(column) => "whole numbers",
        _ when IsNumber(column) => "numbers",
        DataField data => $"values of type {data.ClrType.Name}",
        _ => "another type",
    };

    private static RowFaultException Other(RawColumnData data) => new($"a column was read as {data.GetType().Name}, which is not of its type");
}
