using System.Text;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Filters of texts.</summary>
internal static class TextFilters
{
    /// <summary><c>trim</c>.</summary>
    public static object? Trim(RenderState state, object? value, Arguments a)
    {
        var text = PyShown.Text(value);
        state.SpendOn(text.Length);
        return TextMethods.Strip(text, a.Text(a.Take(0, "chars")[0]), true, true);
    }

    /// <summary><c>replace</c>.</summary>
    public static object? Replace(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(2, "old", "new", "count");
        return TextParts.Replace(state, PyShown.Text(value), PyShown.Text(taken[0]), PyShown.Text(taken[1]), a.Whole(taken[2]) ?? -1);
    }

    /// <summary><c>indent</c>: all lines but the first, and no empty ones, unless that is wanted.</summary>
    public static object? Indent(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "width", "first", "blank");
        var indent = taken[0] as string ?? new string(' ', (int)Math.Clamp(a.Whole(taken[0]) ?? 4, 0, 10_000));
        var lines = PyText.Lines(PyShown.Text(value) + "\n");
        state.SpendOn(lines.Sum(line => (long)line.Length + indent.Length + 1));
        var made = lines.Select((line, i) => i > 0 && (line.Length > 0 || PyValue.IsTrue(taken[2])) ? indent + line : line);
        return (PyValue.IsTrue(taken[1]) ? indent : "") + string.Join('\n', made);
    }

    /// <summary>A text as <c>+</c> writes it beside one that is safe, escaped for HTML; another value as it is.</summary>
    public static object? Escaped(object? value) => value is string text
        ? new StringBuilder(text).Replace("&", "&amp;").Replace(">", "&gt;").Replace("<", "&lt;").Replace("'", "&#39;").Replace("\"", "&#34;").ToString() : value;

    /// <summary><c>title</c>: words begin behind spaces, hyphens and opening brackets.</summary>
    public static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var begins = true;
        foreach (var point in PyText.Points(text))
        {
            made.Append(begins ? point.ToUpperInvariant() : point.ToLowerInvariant());
            begins = point is [var one] && (PyText.IsSpace(one) || one is '-' or '(' or '{' or '[' or '<');
        }

        return made.ToString();
    }

    /// <summary><c>wordcount</c>.</summary>
    public static object? CountWords(string text)
    {
        var (count, inWord) = (0L, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isPart = Rune.IsLetterOrDigit(rune) || rune.Value == '_';
            count += isPart && !inWord ? 1 : 0;
            inWord = isPart;
        }

        return count;
    }

    /// <summary><c>tojson</c>, as transformers sets it: nothing is escaped for HTML.</summary>
    public static object? ToJson(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "indent", "ensure_ascii", "separators", "sort_keys");
        // The order that transformers has without names: ensure_ascii, indent, separators, sort_keys. Only names are clear.
        if (a.Positional.Count > 0)
            throw new ValueError("tojson: name its arguments, as in tojson(indent=4).");
        var indent = taken[0] as string ?? (a.Whole(taken[0]) is { } width ? new string(' ', (int)Math.Clamp(width, 0, 1000)) : null);
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (taken[2] is Sequence { Items: [string between, string behind] })
            (item, key) = (between, behind);
        else if (taken[2] is not null)
            throw new ValueError("tojson: expected two texts as separators.");
        var text = new JsonText(indent, item, key, PyValue.IsTrue(taken[3]), PyValue.IsTrue(taken[1])).Of(value);
        state.SpendOn(text.Length);
        return text;
    }
}
