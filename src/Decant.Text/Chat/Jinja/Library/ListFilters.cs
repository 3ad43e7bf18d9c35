using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Filters of lists.</summary>
internal static class ListFilters
{
    /// <summary><c>first</c>.</summary>
    public static object? First(RenderState state, object? value, Arguments a)
    {
        a.None();
        if (value is Generated some)
            return some.TryNext(out var item) ? item : new Undefined("the first of nothing");
        return Items(state, value) is [var first, ..] ? first : new Undefined("the first of nothing");
    }

    /// <summary><c>last</c>.</summary>
    public static object? Last(RenderState state, object? value, Arguments a)
    {
        a.None();
        if (value is Generated)
            throw new ValueError($"last: {PyValue.KindOf(value)} has no last one; put |list before it.");
        return Items(state, value) is [.., var last] ? last : new Undefined("the last of nothing");
    }

    /// <summary><c>list</c>.</summary>
    public static object? List(RenderState state, object? value, Arguments a)
    {
        a.None();
        return new Sequence(Items(state, value));
    }

    /// <summary><c>items</c>.</summary>
    public static object? Pairs(RenderState state, object? value, Arguments a)
    {
        a.None();
        return value switch
        {
            Undefined => new Generated([]),
            Mapping map => new Generated(MappingMethods.Pairs(map).Items),
            _ => throw new ValueError($"items: expected a dictionary, came {PyValue.KindOf(value)}."),
        };
    }

    /// <summary><c>reverse</c>.</summary>
    public static object? Reverse(RenderState state, object? value, Arguments a)
    {
        a.None();
        var reversed = Items(state, value).Reverse().ToArray();
        return value is string ? string.Concat(reversed) : new Generated(reversed);
    }

    /// <summary><c>join</c>.</summary>
    public static object? Join(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "d", "attribute");
        var (separator, get) = (PyShown.Text(taken[0] ?? ""), ChoosingFilters.Getter(taken[1]));
        var texts = Items(state, value).Select(item => PyShown.Text(get(item))).ToArray();
        state.SpendOn(texts.Sum(text => (long)text.Length + separator.Length));
        return string.Join(separator, texts);
    }

    /// <summary><c>batch</c>: lists of so many.</summary>
    public static object? Batch(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(1, "linecount", "fill_with");
        if (a.Whole(taken[0]) is not (> 0 and <= 100_000 and var size))
            throw new ValueError("batch: expected 1 to 100,000 items.");
        var chunks = Items(state, value).Chunk((int)size).ToArray();
        return new Generated([.. chunks.Select(chunk => new Sequence(taken[1] is null ? chunk : [.. chunk, .. Enumerable.Repeat(taken[1], (int)size - chunk.Length)]))]);
    }

    /// <summary><c>unique</c>: every value once; capitals do not count unless that is wanted.</summary>
    public static object? Unique(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "case_sensitive", "attribute");
        var (get, kept, keys) = (ChoosingFilters.Getter(taken[1]), new List<object?>(), new List<object?>());
        foreach (var item in Items(state, value))
        {
            state.SpendOn(keys.Count);
            var key = SortFilters.Folded(get(item), PyValue.IsTrue(taken[0]));
            if (keys.Any(other => PyValue.AreEqual(other, key)))
                continue;
            keys.Add(key);
            kept.Add(item);
        }

        return new Generated(kept);
    }

    /// <summary><c>sum</c>.</summary>
    public static object? Sum(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "attribute", "start");
        var get = ChoosingFilters.Getter(taken[0]);
        return Items(state, value).Aggregate(taken[1] ?? (object?)0L, (sum, item) => Combination.Of(state, "+", sum, get(item)));
    }

    /// <summary>All items, counted.</summary>
    public static IReadOnlyList<object?> Items(RenderState state, object? value)
    {
        var items = PyValue.Items(value);
        state.SpendOn(items.Count);
        return items;
    }
}
