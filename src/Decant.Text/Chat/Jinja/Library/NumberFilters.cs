using System.Globalization;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Filters of numbers.</summary>
internal static class NumberFilters
{
    /// <summary><c>abs</c>.</summary>
    public static object? Absolute(RenderState state, object? value, Arguments a)
    {
        a.None();
        return value is double real ? Math.Abs(real) : PyNumber.Whole(value) is { } whole ? whole < 0 ? PyNumber.Apply("-", 0L, whole) : whole : throw Wrong("abs", value);
    }

    /// <summary><c>int</c>: a whole number, or the default.</summary>
    public static object? Whole(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "default", "base");
        if (a.Whole(taken[1]) is not (null or 10))
            throw new ValueError("int: only numbers to the base of 10 are read.");
        if (PyNumber.Whole(value) is { } whole)
            return whole;
        if (value is string text && long.TryParse(Plain(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read))
            return read;
        return Parsed(value) is { } real && Math.Abs(real) < 9e18 ? (long)real : taken[0] ?? 0L;
    }

    /// <summary><c>float</c>: a number, or the default.</summary>
    public static object? Real(RenderState state, object? value, Arguments a) => a.Take(0, "default") is [var usual] ? PyNumber.Real(value) ?? Parsed(value) ?? usual ?? 0.0 : null;

    /// <summary><c>round</c>: half to even, up or down.</summary>
    public static object? Round(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "precision", "method");
        var (digits, method) = ((int)Math.Clamp(a.Whole(taken[0]) ?? 0, -300, 300), a.Text(taken[1]) ?? "common");
        if (PyNumber.Real(value) is not { } number)
            throw Wrong("round", value);
        if (method is not ("common" or "ceil" or "floor"))
            throw new ValueError($"round: expected the method common, ceil or floor, came '{method}'.");
        if (method == "common")
            return digits is >= 0 and <= 15 ? value is long ? value : Math.Round(number, digits, MidpointRounding.ToEven) : throw new ValueError("round: expected 0 to 15 digits.");
        var scale = Math.Pow(10, digits);
        return (method == "ceil" ? Math.Ceiling(number * scale) : Math.Floor(number * scale)) / scale;
    }

    private static double? Parsed(object? value) => value switch
    {
        double real => real,
        string text when double.TryParse(Plain(text), NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var read) => read,
        _ => null,
    };

    private static string Plain(string text) => text.Trim(PyText.Spaces);

    private static ValueError Wrong(string filter, object? value) => new($"{filter}: expected a number, came {PyValue.KindOf(value)}.");
}
