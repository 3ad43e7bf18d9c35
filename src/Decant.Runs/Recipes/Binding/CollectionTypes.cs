namespace Decant.Runs.Recipes.Binding;

/// <summary>Which types of properties are lists and dictionaries, and how one is made of what was read.</summary>
internal static class CollectionTypes
{
    /// <summary>The items' type of an array or one of the list interfaces; null for anything else.</summary>
    public static Type? ItemOf(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        if (!type.IsGenericType) return null;
        var open = type.GetGenericTypeDefinition();
        var isList = open == typeof(IReadOnlyList<>) || open == typeof(IReadOnlyCollection<>) || open == typeof(IEnumerable<>);
        return isList ? type.GetGenericArguments()[0] : null;
    }

    /// <summary>The values' type of a dictionary by name; null for anything else.</summary>
    public static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GetGenericArguments()[0] == typeof(string)
            ? type.GetGenericArguments()[1]
            : null;

    /// <summary>The values' type of what a dictionary by name is at run time; null for anything else.</summary>
    public static Type? ValueOfMap(Type type) => type.GetInterfaces().Select(ValueOf).FirstOrDefault(v => v is not null);

    /// <summary>The items as a property of type <paramref name="type"/> wants them.</summary>
    public static object List(Type type, Type item, IReadOnlyList<object> items)
    {
        var array = Array.CreateInstance(item, items.Count);
        for (var i = 0; i < items.Count; i++) array.SetValue(items[i], i);
        return type.IsArray ? array : Activator.CreateInstance(typeof(ValueList<>).MakeGenericType(item), array)!;
    }

    /// <summary>The entries as a dictionary.</summary>
    public static object Map(Type value, IReadOnlyList<(string Key, object Value)> entries)
    {
        var pair = typeof(KeyValuePair<,>).MakeGenericType(typeof(string), value);
        var array = Array.CreateInstance(pair, entries.Count);
        for (var i = 0; i < entries.Count; i++) array.SetValue(Activator.CreateInstance(pair, entries[i].Key, entries[i].Value), i);
        return Activator.CreateInstance(typeof(ValueMap<>).MakeGenericType(value), array)!;
    }
}
