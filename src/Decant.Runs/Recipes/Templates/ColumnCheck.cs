using System.Globalization;

namespace Decant.Runs.Recipes.Templates;

/// <summary>Whether the chosen columns make a classification, and what was taken, in words.</summary>
internal static class ColumnCheck
{
    private const int FewestRows = 8;
    private const int Shown = 5;

    /// <summary>Refuses a label that is none.</summary>
    /// <exception cref="DecantException">It holds numbers, free text or one class.</exception>
    public static void Label(string file, DataGuess guess, string label)
    {
        var values = Known(guess, label);
        string[] different = [.. values.Distinct(StringComparer.Ordinal)];
        if (different.Length > 1 && values.All(IsNumber) && (!different.All(IsWhole) || ClassCount.IsTooMany(different.Length, values.Length)))
            throw new DecantException($"{file}: '{label}' holds numbers ({Range(values)}), not classes: that is a regression, for which 'decant new text-regression' writes a recipe.");
        if (ClassCount.IsTooMany(different.Length, values.Length))
        {
            throw new DecantException(string.Create(CultureInfo.InvariantCulture,
                $"{file}: '{label}' holds free text and no classes: {different.Length:N0} different values in {values.Length:N0} rows, such as '{Short(different[0])}'. Name the column of the classes with --label; for texts that are to be written, begin with the recipe language/dotnet-docs-gpt ('decant recipes')."));
        }

        if (different.Length == 1 && values.Length >= FewestRows && guess.HasAllRows)
            throw new DecantException(string.Create(CultureInfo.InvariantCulture, $"{file}: all {values.Length:N0} rows have the one class '{Short(different[0])}' in '{label}': there is nothing to classify. Name another column with --label, or mix the rows of several classes."));
    }

    /// <summary>Refuses a column that does not hold numbers.</summary>
    /// <exception cref="DecantException">It holds something else, nothing, or one number alone.</exception>
    public static void Number(string file, DataGuess guess, string column)
    {
        var values = Known(guess, column);
        if (values.FirstOrDefault(v => !IsNumber(v)) is { } other)
            throw new DecantException($"{file}: expected numbers in '{column}', came '{Short(other)}'. Name the column of the numbers with --label, or write a recipe for classes with 'decant new text-classification'.");
        if (values.Length == 0 || (values.Length >= FewestRows && guess.HasAllRows && values.Distinct(StringComparer.Ordinal).Count() == 1))
            throw new DecantException($"{file}: expected different numbers in '{column}', came {(values.Length == 0 ? "none" : $"{Short(values[0])} in every row")}: there is nothing to learn. Name another column with --label.");
    }

    /// <summary>What is refused as another task.</summary>
    public static DecantException Other(string file, string what, string recipe) =>
        new($"{file}: {what}, for which 'decant new' has no template; begin with the recipe {recipe} ('decant recipes' lists them), and name the file in it.");

    /// <summary>What was taken and what is to be known of it.</summary>
    /// <param name="guess">The file.</param>
    /// <param name="text">The column of the text.</param>
    /// <param name="pair">That of the second text; null: none.</param>
    /// <param name="label">That of the classes or the numbers.</param>
    /// <param name="isNumber">Whether it holds amounts.</param>
    public static IEnumerable<string> Notes(DataGuess guess, string text, string? pair, string label, bool isNumber) =>
        [.. isNumber ? OfNumbers(guess, text, pair, label) : OfClasses(guess, text, pair, label), .. OfRows(guess, text, pair, label)];

    private static IEnumerable<string> OfNumbers(DataGuess guess, string text, string? pair, string label)
    {
        var (values, all) = (Known(guess, label), guess.Rows.Count);
        yield return $"text is '{text}'{(pair is null ? "" : $" with its pair '{pair}'")}, the number is '{label}': {Range(values)} in the first {all.ToString("N0", CultureInfo.InvariantCulture)} rows";
        if (values.Length < all)
            yield return string.Create(CultureInfo.InvariantCulture, $"{all - values.Length:N0} of the first {all:N0} rows have no number: they become samples that the student learns from its teacher alone");
    }

    private static IEnumerable<string> OfClasses(DataGuess guess, string text, string? pair, string label)
    {
        var (values, all) = (Known(guess, label), guess.Rows.Count);
        string[] classes = [.. values.GroupBy(v => v, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => Short(g.Key))];
        yield return $"text is '{text}'{(pair is null ? "" : $" with its pair '{pair}'")}, label is '{label}'{(classes.Length == 0 ? "" : $": {classes.Length} {(classes.Length == 1 ? "class" : "classes")} in the first {all.ToString("N0", CultureInfo.InvariantCulture)} {(all == 1 ? "row" : "rows")} ({string.Join(", ", classes.Take(Shown))}{(classes.Length > Shown ? ", …" : "")})")}";
        if (values.Length > 0 && values.All(IsNumber))
            yield return "the label's numbers are taken for names of classes, not for amounts";
        if (classes.Length == 1 && all >= FewestRows)
            yield return string.Create(CultureInfo.InvariantCulture, $"the first {all:N0} rows have one class alone; others may come after them, as in a file that is sorted by class");
        if (values.Length < all)
            yield return string.Create(CultureInfo.InvariantCulture, $"{all - values.Length:N0} of the first {all:N0} rows have no label: they become samples that the student learns from its teacher alone");
    }

    private static IEnumerable<string> OfRows(DataGuess guess, string text, string? pair, string label)
    {
        if (HasEmptyText(guess, text))
            yield return "some rows have no text: 'empty: drop' leaves them out";
        string[] others = [.. guess.Columns.Where(c => c != text && c != pair && c != label)];
        if (others.Length > 0)
            yield return $"not read: {string.Join(", ", others.Take(Shown).Select(Short))}{(others.Length > Shown ? ", …" : "")}; --text, --pair and --label choose other columns";
    }

    /// <summary>Whether a row has no text.</summary>
    public static bool HasEmptyText(DataGuess guess, string text) => ColumnRoles.Values(guess, text).Any(string.IsNullOrWhiteSpace);

    /// <summary>A value on one line, and not whole where it is long.</summary>
    public static string Short(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 40 ? line : line[..40] + "…";
    }

    private static string[] Known(DataGuess guess, string column) => [.. ColumnRoles.Values(guess, column).Where(v => !string.IsNullOrWhiteSpace(v)).Select(v => v.Trim())];

    /// <summary>The lowest and the highest number of a column.</summary>
    public static (double Lowest, double Highest) Ends(DataGuess guess, string column)
    {
        var numbers = Known(guess, column).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return (numbers.Min(), numbers.Max());
    }

    private static string Range(string[] values)
    {
        var numbers = values.Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{numbers.Min():0.###} to {numbers.Max():0.###}");
    }

    private static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    private static bool IsWhole(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
