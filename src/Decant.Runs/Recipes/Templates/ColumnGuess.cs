using System.Globalization;
using Decant.Data.Columns;
using Decant.Data.Sources;

namespace Decant.Runs.Recipes.Templates;

/// <summary>A Parquet file: its columns of strings, numbers and truths, with the first rows; lists and structures are no columns of a table.</summary>
internal static class ColumnGuess
{
    private const int MostRows = 2000;

    public static DataGuess Of(string path)
    {
        using var file = new ParquetFile(path);
        var columns = new ParquetColumns(file, HubFeatures.Names(file));
        var rows = Math.Min(MostRows, file.Groups.Count == 0 ? 0 : file.Groups[0]);
        var flat = file.Columns.Where(c => ColumnType.IsText(c) || ColumnType.IsNumber(c) || ColumnType.IsTruth(c)).ToArray();
        var values = flat.Select(column => rows == 0 ? _ => "" : Values(columns, new NamedColumn("text", column.Name), ColumnType.IsNumber(column) && !ColumnType.IsWhole(column))).ToArray();
        return ColumnRoles.Fill(new DataGuess
        {
            Kind = "parquet",
            Words = "Parquet",
            Columns = [.. flat.Select(column => column.Name)],
            HasAllRows = file.Groups.Count <= 1 && rows < MostRows,
            Rows = [.. Enumerable.Range(0, rows).Select(row => values.Select(value => value(row)).ToArray())],
        });
    }

    private static Func<int, string> Values(ParquetColumns columns, NamedColumn column, bool isNumber)
    {
        if (isNumber)
        {
            var numbers = columns.Numbers(column, 0);
            return row => numbers[row]?.ToString(CultureInfo.InvariantCulture) ?? "";
        }

        var names = columns.Labels(column, 0);
        return row =>
        {
            try
            {
                return names(row) ?? "";
            }
            catch (RowFaultException)
            {
                return ""; // the run says so
            }
        };
    }
}
