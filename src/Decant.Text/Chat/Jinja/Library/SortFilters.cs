using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Filters that put in order.</summary>
internal static class SortFilters
{
    private static readonly Comparer<object?> s_order = Comparer<object?>.Create(PyValue.Compare);

    /// <summary><c>sort</c>: stable; capitals do not count unless that is wanted.</summary>
    public static object? Sort(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "reverse", "case_sensitive", "attribute");
        var get = ChoosingFilters.Getter(taken[2]);
        return new Sequence(Ordered(ListFilters.Items(state, value), item => Folded(get(item), PyValue.IsTrue(taken[1])), PyValue.IsTrue(taken[0])));
    }

    /// <summary><c>dictsort</c>: keys with their values.</summary>
    public static object? SortPairs(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "case_sensitive", "by", "reverse");
        var map = value as Mapping ?? throw new ValueError($"dictsort: expected a dictionary, came {PyValue.KindOf(value)}.");
        var place = a.Text(taken[1]) switch { null or "key" => 0, "value" => 1, var other => throw new ValueError($"dictsort: expected by='key' or by='value', came '{other}'.") };
        var pairs = ListFilters.Items(state, MappingMethods.Pairs(map));
        return new Sequence(Ordered(pairs, pair => Folded(((Sequence)pair!).Items[place], PyValue.IsTrue(taken[0])), PyValue.IsTrue(taken[2])));
    }

    /// <summary><c>min</c>.</summary>
    public static object? Least(RenderState state, object? value, Arguments a) => End(state, value, a, isLargest: false);

    /// <summary><c>max</c>.</summary>
    public static object? Largest(RenderState state, object? value, Arguments a) => End(state, value, a, isLargest: true);

    /// <summary>A text in small letters, unless capitals count.</summary>
    public static object? Folded(object? value, bool caseCounts) => value is string text && !caseCounts ? text.ToLowerInvariant() : value;

    private static object? End(RenderState state, object? value, Arguments a, bool isLargest)
    {
        var taken = a.Take(0, "case_sensitive", "attribute");
        var get = ChoosingFilters.Getter(taken[1]);
        return Ordered(ListFilters.Items(state, value), item => Folded(get(item), PyValue.IsTrue(taken[0])), isLargest) is [var first, ..] ? first : new Undefined("the least or largest of nothing");
    }

    private static object?[] Ordered(IReadOnlyList<object?> items, Func<object?, object?> key, bool reversed)
    {
        try
        {
            return [.. reversed ? items.OrderByDescending(key, s_order) : items.OrderBy(key, s_order)];
        }
        catch (InvalidOperationException error) when (error.InnerException is ValueError own)
        {
            throw own;
        }
    }
}
