using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>The methods of texts.</summary>
internal static class TextMethods
{
    /// <summary>A method of a text; null: there is none of this name.</summary>
    public static Function? Find(string text, string name)
    {
        Func<RenderState, Arguments, object?>? body = name switch
        {
            "strip" => (_, a) => Strip(text, a.Text(a.Take(0, "chars")[0]), true, true),
            "lstrip" => (_, a) => Strip(text, a.Text(a.Take(0, "chars")[0]), true, false),
            "rstrip" => (_, a) => Strip(text, a.Text(a.Take(0, "chars")[0]), false, true),
            "split" => (_, a) => Split(text, a, fromEnd: false),
            "rsplit" => (_, a) => Split(text, a, fromEnd: true),
            "splitlines" => (_, a) => new Sequence([.. PyText.Lines(text, PyValue.IsTrue(a.Take(0, "keepends")[0]))]),
            "partition" => (_, a) => TextParts.Partition(text, Part(a), fromEnd: false),
            "rpartition" => (_, a) => TextParts.Partition(text, Part(a), fromEnd: true),
            "startswith" => (_, a) => Ends(a, part => text.StartsWith(part, StringComparison.Ordinal)),
            "endswith" => (_, a) => Ends(a, part => text.EndsWith(part, StringComparison.Ordinal)),
            "removeprefix" => (_, a) => Part(a) is var part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text,
            "removesuffix" => (_, a) => Part(a) is var part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text,
            "replace" => Replace,
            "join" => Join,
            "find" => (_, a) => TextParts.Find(text, Part(a), fromEnd: false),
            "rfind" => (_, a) => TextParts.Find(text, Part(a), fromEnd: true),
            "index" => (_, a) => Part(a) is var part && TextParts.Find(text, part, false) is >= 0 and var at ? at : throw new ValueError("the text to be found is not there; use find, which gives -1."),
            "count" => (_, a) => TextParts.Count(text, Part(a)),
            "upper" => (_, a) => Plain(a, text.ToUpperInvariant()),
            "lower" => (_, a) => Plain(a, text.ToLowerInvariant()),
            "title" => (_, a) => Plain(a, PyText.Title(text)),
            "capitalize" => (_, a) => Plain(a, PyText.Capitalize(text)),
            "isspace" => (_, a) => Plain(a, text.Length > 0 && text.All(PyText.IsSpace)),
            "isdigit" => (_, a) => Plain(a, text.Length > 0 && text.All(char.IsDigit)),
            "isalpha" => (_, a) => Plain(a, text.Length > 0 && text.EnumerateRunes().All(System.Text.Rune.IsLetter)),
            "isalnum" => (_, a) => Plain(a, text.Length > 0 && text.EnumerateRunes().All(System.Text.Rune.IsLetterOrDigit)),
            "isupper" => (_, a) => Plain(a, PyText.HasCase(text, isUpper: true)),
            "islower" => (_, a) => Plain(a, PyText.HasCase(text, isUpper: false)),
            _ => null,
        };
        return body is null ? null : new Function(name, (state, arguments) =>
        {
            state.SpendOn(text.Length);
            return body(state, arguments);
        });

        object? Replace(RenderState state, Arguments a)
        {
            var taken = a.Take(2, "old", "new", "count");
            return TextParts.Replace(state, text, a.Text(taken[0]) ?? "", a.Text(taken[1]) ?? "", a.Whole(taken[2]) ?? -1);
        }

        object? Join(RenderState state, Arguments a)
        {
            var parts = PyValue.Items(a.Take(1, "iterable")[0]).Select(part => part as string ?? throw new ValueError($"join: expected texts, came {PyValue.KindOf(part)}.")).ToArray();
            state.SpendOn(parts.Sum(part => (long)part.Length + text.Length));
            return string.Join(text, parts);
        }
    }

    /// <summary>A text without white space, or without these characters, at its ends.</summary>
    public static string Strip(string text, string? characters, bool atBegin, bool atEnd)
    {
        if (characters is null)
            text = atBegin ? text.TrimStart(PyText.Spaces) : text;
        if (characters is null)
            return atEnd ? text.TrimEnd(PyText.Spaces) : text;
        var (points, set) = (PyText.Points(text), PyText.Points(characters).ToHashSet(StringComparer.Ordinal));
        var (from, to) = (0, points.Count);
        while (atBegin && from < to && set.Contains(points[from]))
            from++;
        while (atEnd && to > from && set.Contains(points[to - 1]))
            to--;
        return string.Concat(points.Skip(from).Take(to - from));
    }

    private static Sequence Split(string text, Arguments a, bool fromEnd)
    {
        var taken = a.Take(0, "sep", "maxsplit");
        var most = a.Whole(taken[1]) is { } given and >= 0 ? (int)Math.Min(given, int.MaxValue) : int.MaxValue;
        var parts = a.Text(taken[0]) switch
        {
            null => TextParts.Words(text, most, fromEnd),
            "" => throw new ValueError($"{(fromEnd ? "rsplit" : "split")}: the separator is empty."),
            var separator => TextParts.Split(text, separator, most, fromEnd),
        };
        return new Sequence([.. parts]);
    }

    private static bool Ends(Arguments a, Func<string, bool> has) => a.Take(1, "prefix")[0] switch
    {
        string part => has(part),
        Sequence { IsTuple: true } parts => parts.Items.Any(part => part is string text && has(text)),
        var other => throw new ValueError($"expected a text or a tuple of texts, came {PyValue.KindOf(other)}."),
    };

    private static string Part(Arguments a) => a.Text(a.Take(1, "sub")[0]) ?? throw new ValueError("expected a text, came none.");

    private static object? Plain(Arguments a, object? made)
    {
        a.None();
        return made;
    }
}
