using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>What stands behind a point or in brackets.</summary>
internal static class Attributes
{
    private static readonly string[] s_changing = ["append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"];

    /// <summary><c>value.name</c>: a method before a key of that name.</summary>
    /// <exception cref="ValueError">The value is not defined, or the method changes it.</exception>
    public static object? Member(object? value, string name) => Method(value, name) ?? Own(value, name);

    /// <summary><c>value[key]</c>: a key before a method of that name.</summary>
    /// <exception cref="ValueError">The value is not defined, or has no such keys.</exception>
    public static object? Item(object? value, object? key) => (value, key) switch
    {
        (Undefined undefined, _) => throw new ValueError($"{PyValue.KindOf(undefined)}, has no parts."),
        (Mapping map, _) when map.TryGet(key, out var found) => found,
        (_, string name) => Member(value, name),
        (string or Sequence, long or bool) => PySlice.At(value, PyNumber.Whole(key)!.Value),
        _ => new Undefined($"[{PyShown.Text(key)}]"),
    };

    private static object? Own(object? value, string name) => value switch
    {
        Undefined undefined => throw new ValueError($"'{undefined.Name}' is not defined, and so has no '{name}'."),
        Mapping map when map.TryGet(name, out var found) => found,
        NamespaceValue own when own.Attributes.TryGetValue(name, out var found) => found,
        LoopValue loop => loop.Find(name),
        Function function when name == "name" => function.Name,
        _ => new Undefined(name),
    };

    private static object? Method(object? value, string name)
    {
        if (value is Sequence or Mapping && s_changing.Contains(name) && !(value is Mapping && name is "append" or "extend" or "insert" or "remove" or "reverse" or "sort"))
            throw new ValueError($"'{name}' would change {PyValue.KindOf(value)}, which templates may not; make another one with + or a filter.");
        return value switch
        {
            string text => TextMethods.Find(text, name),
            Mapping map => MappingMethods.Find(map, name),
            Sequence list => SequenceMethods.Find(list, name),
            _ => null,
        };
    }
}
