using System.Globalization;

namespace Decant.Data.Sources;

/// <summary>The numbers of a row.</summary>
internal static class RowNumbers
{
    /// <summary>A cell's number; null where it is empty.</summary>
    /// <exception cref="RowFaultException">It is no number, or not a finite one.</exception>
    public static float? Parse(string cell, string column)
    {
        if (string.IsNullOrWhiteSpace(cell)) return null;
        if (float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)) return number;
        throw new RowFaultException($"'{column}' must be a number such as 3.75, came '{cell}'");
    }

    /// <summary>All of a row's numbers, or null where it has none: an unlabelled row.</summary>
    /// <exception cref="RowFaultException">It has some and lacks others.</exception>
    public static float[]? All(float?[] numbers, IReadOnlyList<string> columns)
    {
        var missing = Array.FindIndex(numbers, number => number is null);
        if (missing < 0) return [.. numbers.Select(number => number!.Value)];
        if (numbers.All(number => number is null)) return null;
        throw new RowFaultException($"the row has no number in '{columns[missing]}', and has others; give all of them or none");
    }
}
