using System.Globalization;

namespace Decant.Hub.HuggingFace;

/// <summary>Numbers and foreign texts as messages have them.</summary>
internal static class HubText
{
    private const int LongestForeign = 200;
    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A number of bytes: <c>91.0 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.5 && unit < s_units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.95 ? Math.Round(value) : Math.Round(value, 1)):0.#} {s_units[unit]}");
    }

    /// <summary>A duration: <c>90 s</c>, <c>12 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(time.TotalSeconds)):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");

    /// <summary>What a server said, on one line, without characters that a terminal obeys, and not too long.</summary>
    public static string Foreign(string text)
    {
        var line = string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestForeign ? line : line[..LongestForeign] + "…";
    }

    /// <summary>An address without its query, which may hold a signature.</summary>
    public static string Shown(Uri uri) => uri.GetLeftPart(UriPartial.Path);
}
