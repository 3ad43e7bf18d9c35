using System.Globalization;
using System.Numerics;
using System.Text;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Values as JSON, as <c>json.dumps</c> of Python writes it with <c>ensure_ascii=False</c>, which transformers sets.</summary>
/// <param name="Indent">What each level is indented by; null: all on one line.</param>
/// <param name="Item">Between two items.</param>
/// <param name="Key">Behind a key.</param>
/// <param name="SortKeys">Whether keys come by their code points.</param>
/// <param name="Ascii">Whether all beyond ASCII is escaped.</param>
internal sealed record JsonText(string? Indent, string Item, string Key, bool SortKeys, bool Ascii)
{
    private const int Deepest = 100;

    /// <summary>A value as JSON.</summary>
    /// <exception cref="ValueError">It has no form in JSON.</exception>
    public string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private void Write(StringBuilder text, object? value, int depth)
    {
        if (depth > Deepest)
            throw new ValueError($"the value is nested deeper than {Deepest}.");
        if (value is Sequence list)
            Write(text, list.Items, ("[", "]"), depth, item => Write(text, item, depth + 1));
        else if (value is Mapping map)
            Write(text, SortKeys ? Sorted(map) : [.. map.Entries], ("{", "}"), depth, entry =>
            {
                Quote(text, entry.Key as string ?? Simple(entry.Key));
                Write(text.Append(Key), entry.Value, depth + 1);
            });
        else if (value is string said)
            Quote(text, said);
        else
            text.Append(Simple(value));
    }

    private void Write<T>(StringBuilder text, IReadOnlyList<T> items, (string Open, string Close) brackets, int depth, Action<T> write)
    {
        text.Append(brackets.Open);
        foreach (var (index, item) in items.Index())
        {
            text.Append(index > 0 ? Item : "");
            NewLine(text, depth + 1);
            write(item);
        }

        if (items.Count > 0)
            NewLine(text, depth);
        text.Append(brackets.Close);
    }

    private static KeyValuePair<object, object?>[] Sorted(Mapping map) => map.Entries.Keys.Select(key => key is string).Distinct().Count() <= 1
        ? [.. map.Entries.OrderBy(entry => entry.Key, Comparer<object>.Create(PyValue.Compare))]
        : throw new ValueError("keys that are texts and keys that are numbers have no order; leave sort_keys out.");

    private void NewLine(StringBuilder text, int depth)
    {
        if (Indent is null)
            return;
        text.Append('\n');
        for (var i = 0; i < depth; i++)
            text.Append(Indent);
    }

    private static string Simple(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => double.IsFinite(number) ? PyNumber.Shown(number) : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity",
        _ => throw new ValueError($"{PyValue.KindOf(value)} has no form in JSON."),
    };

    private void Quote(StringBuilder text, string said)
    {
        text.Append('"');
        foreach (var c in said)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                > '~' when Ascii && c != '\x7f' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
