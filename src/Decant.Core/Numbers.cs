using System.Globalization;
using System.Text.RegularExpressions;

namespace Decant;

/// <summary>How numbers are written in a recipe: <c>3</c>, <c>-1</c>, <c>60_000</c>, <c>1e4</c>, <c>0.5</c>, <c>5e-4</c>; no hexadecimal, octal, infinity or NaN.</summary>
internal static partial class Numbers
{
    /// <summary>A whole number; an exponent is allowed where the value is whole.</summary>
    public static bool TryWhole(string? text, out long value)
    {
        value = 0;
        if (text is null || !Form().IsMatch(text)) return false;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return true;
        if (!plain.Contains('e', StringComparison.OrdinalIgnoreCase)) return false;
        if (!decimal.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
        if (number != decimal.Truncate(number) || number is < long.MinValue or > long.MaxValue) return false;
        value = (long)number;
        return true;
    }

    /// <summary>A finite number.</summary>
    public static bool TryNumber(string? text, out double value)
    {
        value = 0;
        return text is not null && Form().IsMatch(text)
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Whether the text is written like a number, however large.</summary>
    public static bool LooksLikeOne(string text) => Form().IsMatch(text);

    [GeneratedRegex(@"^[-+]?(\d+(_\d+)*)(\.\d*)?([eE][-+]?\d+)?$|^[-+]?\.\d+([eE][-+]?\d+)?$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Form();
}
