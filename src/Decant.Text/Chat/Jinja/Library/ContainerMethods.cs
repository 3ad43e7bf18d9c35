using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>The methods of dictionaries.</summary>
internal static class MappingMethods
{
    /// <summary>A method of a dictionary; null: there is none of this name.</summary>
    public static Function? Find(Mapping map, string name) => name switch
    {
        "items" => Made(name, () => Pairs(map)),
        "keys" => Made(name, () => new Sequence([.. map.Entries.Keys])),
        "values" => Made(name, () => new Sequence([.. map.Entries.Values])),
        "copy" => Made(name, () => map),
        "get" => new Function(name, (_, arguments) =>
        {
            var taken = arguments.Take(1, "key", "default");
            return map.TryGet(taken[0], out var value) ? value : taken[1];
        }),
        _ => null,
    };

    /// <summary>Keys with their values, as tuples.</summary>
    public static Sequence Pairs(Mapping map) => new([.. map.Entries.Select(entry => new Sequence([entry.Key, entry.Value], isTuple: true))]);

    private static Function Made(string name, Func<object?> make) => new(name, (_, arguments) =>
    {
        arguments.None();
        return make();
    });
}

/// <summary>The methods of lists and tuples.</summary>
internal static class SequenceMethods
{
    /// <summary>A method of a list; null: there is none of this name.</summary>
    public static Function? Find(Sequence list, string name) => name switch
    {
        "count" => new Function(name, (_, arguments) => arguments.Take(1, "value") is [var value] ? list.Items.LongCount(item => PyValue.AreEqual(item, value)) : 0L),
        "index" => new Function(name, (_, arguments) => PlaceOf(list, arguments.Take(1, "value")[0])),
        "copy" when !list.IsTuple => new Function(name, (_, _) => list),
        _ => null,
    };

    private static long PlaceOf(Sequence list, object? value)
    {
        foreach (var (index, item) in list.Items.Index())
            if (PyValue.AreEqual(item, value))
                return index;
        throw new ValueError("index: the value is not in the list; test with 'in' first.");
    }
}
