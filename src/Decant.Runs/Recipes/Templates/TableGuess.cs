using System.Globalization;
using System.Text;

namespace Decant.Runs.Recipes.Templates;

/// <summary>Rows of fields: what stands between the fields, whether the first row is a header, and which column is what.</summary>
internal static class TableGuess
{
    private const int MostRows = 2000;
    private const int LongestName = 40;

    private static readonly char[] s_delimiters = [',', '\t', ';', '|'];

    /// <param name="head">The file.</param>
    /// <param name="usual">What its name says stands between the fields.</param>
    /// <param name="hasHeader">Whether the first row names the columns; null: that is guessed.</param>
    public static DataGuess Of(FileHead head, char usual, bool? hasHeader)
    {
        if (head.Text.Length == 0 || head.Text[0] is '\r' or '\n')
            throw new DecantException($"{head.Path}: expected a first line that names the columns, came an empty line.");
        var delimiter = s_delimiters.OrderBy(d => d == usual ? 0 : 1).FirstOrDefault(d => IsTable(Records(head, d).Take(50)), usual);
        var records = Records(head, delimiter).Take(MostRows).ToList();
        var named = hasHeader ?? IsHeader(records);
        var rows = (named ? records.Skip(1) : records).Where(r => r.Length == records[0].Length).ToList();
        string[] columns = named ? [.. records[0].Select(c => c.Trim())] : [.. Enumerable.Range(1, records[0].Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        var kind = delimiter == '\t' ? "tsv" : "csv";
        return ColumnRoles.Fill(new DataGuess
        {
            Kind = kind,
            Words = $"{kind.ToUpperInvariant()}{(delimiter is ',' or '\t' ? "" : $" with '{delimiter}' between the fields")}, {(named ? "the first row names the columns" : "no row names the columns, so they are numbers from 1")}",
            Delimiter = delimiter is ',' or '\t' ? null : delimiter,
            HasHeader = named,
            Columns = columns,
            Rows = rows,
            HasAllRows = head.IsWhole && records.Count < MostRows,
        });
    }

    /// <summary>Whether tabs cut all lines of a file into as many fields.</summary>
    public static bool HasTabs(FileHead head) => IsTable(Records(head, '\t').Take(50));

    private static bool IsTable(IEnumerable<string[]> records)
    {
        var counts = records.Select(r => r.Length).ToArray();
        return counts.Length > 0 && counts[0] > 1 && counts.All(c => c == counts[0]);
    }

    /// <summary>A header's cells are short, not numbers, all different, and no values of their columns.</summary>
    private static bool IsHeader(List<string[]> records)
    {
        var first = records[0];
        if (records.Count == 1) return true;
        if (first.Any(c => c.Trim().Length is 0 or > LongestName || IsNumber(c)) || first.Distinct(StringComparer.Ordinal).Count() < first.Length) return false;
        if (first.Any(ColumnRoles.IsKnownName)) return true;
        return !first.Where((cell, i) => records.Skip(1).Any(r => i < r.Length && r[i].Trim() == cell.Trim())).Any();
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>The records; the last is left out where the file goes on. Fields of a TSV file are not quoted.</summary>
    private static IEnumerable<string[]> Records(FileHead head, char delimiter)
    {
        var (fields, field) = (new List<string>(), new StringBuilder());
        var (inQuotes, isEmpty) = (false, true);
        for (var i = 0; i < head.Text.Length; i++)
        {
            var c = head.Text[i];
            if (c == '"' && delimiter != '\t' && (inQuotes || field.Length == 0))
            {
                if (inQuotes && i + 1 < head.Text.Length && head.Text[i + 1] == '"') field.Append(head.Text[++i]);
                else inQuotes = !inQuotes;
                isEmpty = false;
            }
            else if (!inQuotes && c == delimiter)
            {
                End();
                isEmpty = false;
            }
            else if (!inQuotes && (c == '\n' || c == '\r'))
            {
                if (isEmpty && field.Length == 0) continue;
                yield return Take();
            }
            else field.Append(c);
        }

        if (head.IsWhole && (!isEmpty || field.Length > 0)) yield return Take();

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
        }

        string[] Take()
        {
            End();
            string[] record = [.. fields];
            fields.Clear();
            isEmpty = true;
            return record;
        }
    }
}
