using System.Numerics;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>What all values have in common: truth, equality, order, kind.</summary>
internal static class PyValue
{
    /// <summary>Whether it counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        BigInteger number => !number.IsZero,
        string text => text.Length > 0,
        Sequence list => list.Items.Count > 0,
        Mapping map => map.Entries.Count > 0,
        _ => true,
    };

    /// <summary>Its kind, for messages.</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"'{undefined.Name}', which is not defined",
        bool => "a truth value",
        long or BigInteger => "a whole number",
        double => "a number",
        string => "a text",
        Sequence { IsTuple: true } => "a tuple",
        Sequence => "a list",
        Generated => "what a filter gives one by one",
        Mapping => "a dictionary",
        NamespaceValue => "a namespace",
        _ => "a function",
    };

    /// <summary>Whether two are equal.</summary>
    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (Undefined, Undefined) => true,
        (string x, string y) => x == y,
        (Sequence x, Sequence y) => x.IsTuple == y.IsTuple && x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => AreEqual(pair.First, pair.Second)),
        (Mapping x, Mapping y) => x.Entries.Count == y.Entries.Count && x.Entries.All(entry => y.Entries.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other)),
        (BigInteger x, BigInteger y) => x == y,
        _ when PyNumber.Whole(a) is { } x && PyNumber.Whole(b) is { } y => x == y,
        _ when PyNumber.Real(a) is { } x && PyNumber.Real(b) is { } y => x.Equals(y),
        _ => ReferenceEquals(a, b),
    };

    /// <summary>Which comes first.</summary>
    /// <exception cref="ValueError">The two have no order.</exception>
    public static int Compare(object? a, object? b)
    {
        if (a is string x && b is string y)
            return PyText.Compare(x, y);
        if (PyNumber.Whole(a) is { } left && PyNumber.Whole(b) is { } right)
            return left.CompareTo(right);
        if (PyNumber.Real(a) is { } first && PyNumber.Real(b) is { } second)
            return first.CompareTo(second);
        if (a is not Sequence p || b is not Sequence q || p.IsTuple != q.IsTuple)
            throw new ValueError($"{KindOf(a)} and {KindOf(b)} have no order; compare values of one kind.");
        foreach (var (one, other) in p.Items.Zip(q.Items))
            if (!AreEqual(one, other))
                return Compare(one, other);
        return p.Items.Count.CompareTo(q.Items.Count);
    }

    /// <summary>Whether <paramref name="all"/> has <paramref name="value"/>.</summary>
    /// <exception cref="ValueError">It can have nothing.</exception>
    public static bool Contains(object? all, object? value) => all switch
    {
        string text => value is string part ? text.Contains(part, StringComparison.Ordinal) : throw new ValueError($"a text has texts only, came {KindOf(value)} before 'in'."),
        Mapping map => map.TryGet(value, out _),
        Undefined => false,
        _ => Items(all).Any(item => AreEqual(item, value)),
    };

    /// <summary>Its items: of a text its characters, of a dictionary its keys.</summary>
    /// <exception cref="ValueError">It has none.</exception>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        Sequence list => list.Items,
        Generated some => some.Rest(),
        Mapping map => [.. map.Entries.Keys],
        string text => PyText.Points(text),
        Undefined => [],
        _ => throw new ValueError($"expected a list, a dictionary or a text to go through, came {KindOf(value)}."),
    };

    /// <summary>How many items it has.</summary>
    /// <exception cref="ValueError">It has none.</exception>
    public static long Length(object? value) => value switch
    {
        string text => PyText.Length(text),
        Sequence list => list.Items.Count,
        Mapping map => map.Entries.Count,
        Undefined => 0,
        _ => throw new ValueError($"expected a value that has a length, came {KindOf(value)}."),
    };
}
