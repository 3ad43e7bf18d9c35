using System.Globalization;
using System.Numerics;
using System.Text;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Values as texts: <c>str</c> and <c>repr</c>.</summary>
internal static class PyShown
{
    private const int Deepest = 100;

    /// <summary>As it is written into the output.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Represented(value),
    };

    /// <summary>As it stands within a list.</summary>
    public static string Represented(object? value)
    {
        if (value is not (Sequence or Mapping))
            return Simple(value);
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static string Simple(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => PyNumber.Shown(number),
        string text => Quoted(text),
        Undefined => "Undefined",
        _ => throw new ValueError($"{PyValue.KindOf(value)} has no text; write what is in it."),
    };

    private static void Write(StringBuilder text, object? value, int depth)
    {
        if (depth > Deepest)
            throw new ValueError($"the value is nested deeper than {Deepest}.");
        if (value is Sequence list)
        {
            text.Append(list.IsTuple ? '(' : '[');
            foreach (var (index, item) in list.Items.Index())
                Write(text.Append(index > 0 ? ", " : ""), item, depth + 1);
            text.Append(list switch { { IsTuple: false } => "]", { Items.Count: 1 } => ",)", _ => ")" });
        }
        else if (value is Mapping map)
        {
            text.Append('{');
            foreach (var (index, entry) in map.Entries.Index())
                Write(text.Append(index > 0 ? ", " : "").Append(Simple(entry.Key)).Append(": "), entry.Value, depth + 1);
            text.Append('}');
        }
        else
        {
            text.Append(Simple(value));
        }
    }

    private static string Quoted(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var made = new StringBuilder().Append(quote);
        foreach (var point in PyText.Points(text))
            made.Append(Escaped(point, quote));
        return made.Append(quote).ToString();
    }

    private static string Escaped(string point, char quote) => point switch
    {
        "\\" => "\\\\",
        "\n" => "\\n",
        "\r" => "\\r",
        "\t" => "\\t",
        [var one] when one == quote => "\\" + quote,
        [var one] when !IsPrintable(one) => one < 0x100 ? $"\\x{(int)one:x2}" : $"\\u{(int)one:x4}",
        [_, _] when !IsPrintable(point) => $"\\U{char.ConvertToUtf32(point, 0):x8}",
        _ => point,
    };

    private static bool IsPrintable(char one) => one == ' ' || IsPrintable(char.GetUnicodeCategory(one));

    private static bool IsPrintable(string pair) => IsPrintable(CharUnicodeInfo.GetUnicodeCategory(pair, 0));

    private static bool IsPrintable(UnicodeCategory category) => category is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
