using System.Globalization;

namespace Decant.Runs.Recipes.Schema;

/// <summary>Numbers with a unit: <c>1M</c>, <c>500k</c>, <c>5MB</c>, <c>5MiB</c>.</summary>
internal static class SizeText
{
    private static readonly (string Unit, double Factor)[] s_counts = [("", 1), ("k", 1e3), ("M", 1e6), ("B", 1e9), ("G", 1e9)];

    private static readonly (string Unit, double Factor)[] s_bytes =
        [("", 1), ("B", 1), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

    /// <summary>A number of things; k, M and B are thousands, millions and billions.</summary>
    /// <returns>Null where it is none, or not above 0.</returns>
    public static long? Count(string text) => Read(text, s_counts);

    /// <summary>A number of bytes: kB, MB and GB are powers of 1000, KiB, MiB and GiB of 1024.</summary>
    /// <returns>Null where it is none, or not above 0.</returns>
    public static long? Bytes(string text) => Read(text, s_bytes);

    private static long? Read(string text, (string Unit, double Factor)[] units)
    {
        var number = text.Trim();
        var end = number.Length;
        while (end > 0 && char.IsLetter(number[end - 1]))
            end--;
        var unit = Array.FindIndex(units, u => u.Unit == number[end..]);
        if (unit < 0 || !double.TryParse(number[..end].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return null;
        var size = value * units[unit].Factor;
        return size is >= 1 and < 1e18 ? (long)size : null;
    }
}
