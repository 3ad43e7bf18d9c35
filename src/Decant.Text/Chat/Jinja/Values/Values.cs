namespace Decant.Text.Chat.Jinja.Values;

// Values are: null (none), bool, long, System.Numerics.BigInteger (of JSON alone), double, string, and these.

/// <summary>What a name or key without a value gives: empty where it is written, a fault where it is used.</summary>
/// <param name="Name">What was looked for.</param>
internal sealed record Undefined(string Name);

/// <summary>A list or tuple.</summary>
/// <param name="items">What is in it.</param>
/// <param name="isTuple">Whether it is a tuple.</param>
internal sealed class Sequence(IReadOnlyList<object?> items, bool isTuple = false)
{
    /// <summary>What is in it.</summary>
    public IReadOnlyList<object?> Items => items;

    /// <summary>Whether it is a tuple.</summary>
    public bool IsTuple => isTuple;
}

/// <summary>What Python makes item by item, such as a filter <c>map</c>: it can be gone through once, and has no length.</summary>
/// <param name="items">What it gives.</param>
internal sealed class Generated(IReadOnlyList<object?> items)
{
    private int _next;

    /// <summary>The next one; false: there is none.</summary>
    public bool TryNext(out object? item)
    {
        item = _next < items.Count ? items[_next] : null;
        return _next < items.Count && _next++ >= 0;
    }

    /// <summary>All that are left.</summary>
    public IReadOnlyList<object?> Rest()
    {
        var rest = _next == 0 ? items : [.. items.Skip(_next)];
        _next = items.Count;
        return rest;
    }
}

/// <summary>A dictionary, whose keys are texts, numbers and truth values and stay in their order.</summary>
internal sealed class Mapping
{
    /// <summary>Its entries; 1, 1.0 and true are one key.</summary>
    public OrderedDictionary<object, object?> Entries { get; } = new(PyKey.Comparer);

    /// <summary>Adds an entry, or gives the one of this key another value.</summary>
    /// <exception cref="ValueError">The key is of another kind.</exception>
    public void Set(object? key, object? value)
    {
        if (!PyKey.IsOne(key))
            throw new ValueError($"expected a text, a number or a truth value as the key of a dictionary, came {PyValue.KindOf(key)}.");
        Entries[key!] = value;
    }

    /// <summary>The value of a key; false: it has none of this key.</summary>
    public bool TryGet(object? key, out object? value)
    {
        value = null;
        return PyKey.IsOne(key) && Entries.TryGetValue(key!, out value);
    }
}

/// <summary>What <c>namespace()</c> gives: its attributes can be set from anywhere.</summary>
internal sealed class NamespaceValue
{
    /// <summary>Its attributes.</summary>
    public Dictionary<string, object?> Attributes { get; } = new(StringComparer.Ordinal);
}
