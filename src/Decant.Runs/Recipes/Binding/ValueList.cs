using System.Collections;

namespace Decant.Runs.Recipes.Binding;

/// <summary>A list that equals another by its items, so that records with lists are equal when they say the same.</summary>
/// <typeparam name="T">The items' type.</typeparam>
internal sealed class ValueList<T>(IEnumerable<T> items) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items = [.. items];

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public bool Equals(ValueList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Aggregate(17, (hash, item) => HashCode.Combine(hash, item));

    public override string ToString() => $"[{string.Join(", ", _items)}]";

    public IEnumerator<T> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A dictionary by name that equals another with the same entries in any order.</summary>
/// <typeparam name="T">The values' type.</typeparam>
internal sealed class ValueMap<T>(IEnumerable<KeyValuePair<string, T>> entries) : IReadOnlyDictionary<string, T>, IEquatable<ValueMap<T>>
{
    private readonly Dictionary<string, T> _entries = new(entries);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<T> Values => _entries.Values;

    public T this[string key] => _entries[key];

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    public bool Equals(ValueMap<T>? other) => other is not null && Count == other.Count
        && _entries.All(e => other.TryGetValue(e.Key, out var value) && EqualityComparer<T>.Default.Equals(e.Value, value));

    public override bool Equals(object? obj) => Equals(obj as ValueMap<T>);

    public override int GetHashCode() => _entries.Aggregate(0, (hash, e) => hash ^ HashCode.Combine(e.Key, e.Value));

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
