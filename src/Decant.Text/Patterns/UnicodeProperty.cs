using System.Text;

namespace Decant.Text.Patterns;

/// <summary>The properties of characters that regular expressions name: general categories, scripts, and POSIX's classes.</summary>
internal static class UnicodeProperty
{
    private static readonly HashSet<string> s_categories = new(
        "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn".Split(' '), StringComparer.Ordinal);

    /// <summary>A part of a .NET character class.</summary>
    /// <exception cref="FormatException">The property is not known.</exception>
    public static string Expression(string name, bool isNegated)
    {
        var category = Category(name);
        if (category is not null) return isNegated ? $@"\P{{{category}}}" : $@"\p{{{category}}}";
        var ranges = Posix(name) ?? Ranges(name) ?? throw new FormatException($"the property \\p{{{name}}} is not supported");
        return isNegated ? throw new FormatException($"the negated property \\P{{{name}}} is not supported") : ranges;
    }

    private static string? Category(string name)
    {
        if (s_categories.Contains(name)) return name;
        return name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            "letter" => "L",
            "uppercaseletter" => "Lu",
            "lowercaseletter" => "Ll",
            "titlecaseletter" => "Lt",
            "modifierletter" => "Lm",
            "otherletter" => "Lo",
            "mark" => "M",
            "nonspacingmark" => "Mn",
            "spacingmark" => "Mc",
            "enclosingmark" => "Me",
            "number" => "N",
            "decimalnumber" or "digit" => "Nd",
            "letternumber" => "Nl",
            "othernumber" => "No",
            "punctuation" => "P",
            "symbol" => "S",
            "mathsymbol" => "Sm",
            "currencysymbol" => "Sc",
            "modifiersymbol" => "Sk",
            "othersymbol" => "So",
            "separator" => "Z",
            "spaceseparator" => "Zs",
            "other" => "C",
            "control" or "cntrl" => "Cc",
            "format" => "Cf",
            "unassigned" => "Cn",
            "privateuse" => "Co",
            _ => null,
        };
    }

    private static string? Posix(string name) => name.ToLowerInvariant() switch
    {
        "alpha" or "alphabetic" => @"\p{L}\p{Nl}\u24B6-\u24E9",
        "alnum" => @"\p{L}\p{Nl}\p{Nd}\u24B6-\u24E9",
        "word" => @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9",
        "space" or "white_space" or "whitespace" => @"\s",
        "upper" or "uppercase" => @"\p{Lu}\u2160-\u216F\u24B6-\u24CF",
        "lower" or "lowercase" => @"\p{Ll}\u00AA\u00BA\u2170-\u217F\u24D0-\u24E9",
        "punct" => @"\p{P}\u0024\u002B\u003C-\u003E\u005E\u0060\u007C\u007E",
        "xdigit" => "0-9a-fA-F",
        "blank" => @"\u0009\p{Zs}",
        "any" => @"\s\S",
        "ascii" => @"\u0000-\u007F",
        _ => null,
    };

    private static string? Ranges(string name)
    {
        var script = name.StartsWith("Script=", StringComparison.Ordinal) ? name[7..] : name.StartsWith("sc=", StringComparison.Ordinal) ? name[3..] : name;
        var ranges = new StringBuilder();
        foreach (var (first, last) in Scripts.RangesOf(script))
            if (first <= 0xFFFF) ranges.Append(OnigurumaEscape.Unit(first)).Append('-').Append(OnigurumaEscape.Unit(Math.Min(last, 0xFFFF)));
        return ranges.Length == 0 ? null : ranges.ToString();
    }
}
