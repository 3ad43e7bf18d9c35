using System.Globalization;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>Filters that do something with every item: map, select, reject, selectattr, rejectattr.</summary>
internal static class ChoosingFilters
{
    /// <summary><c>map</c>: an attribute, or another filter.</summary>
    public static object? Map(RenderState state, object? value, Arguments a)
    {
        if (a.Positional.Count == 0)
        {
            var taken = a.Take(1, "attribute", "default");
            var (get, hasDefault) = (Getter(taken[0]), a.Named.ContainsKey("default"));
            return new Generated([.. Items(state, value).Select(item => get(item) is var got && got is Undefined && hasDefault ? taken[1] : got)]);
        }

        var name = a.Text(a.Positional[0]) ?? "";
        var filter = Filters.Find(name) ?? throw new ValueError(Filters.Unknown(name));
        var rest = new Arguments(name, [.. a.Positional.Skip(1)], a.Named);
        return new Generated([.. Items(state, value).Select(item => filter(state, item, rest))]);
    }

    /// <summary>The items, or those with an attribute, of which a test holds or does not.</summary>
    public static object? Chosen(RenderState state, object? value, Arguments a, bool keeps, bool byAttribute)
    {
        var given = a.Positional;
        if (byAttribute && given.Count == 0)
            throw new ValueError("selectattr and rejectattr need the name of an attribute.");
        var get = Getter(byAttribute ? given[0] : null);
        var test = given.Skip(byAttribute ? 1 : 0).ToArray();
        Func<object?, bool> holds = PyValue.IsTrue;
        if (test is [var first, ..])
        {
            var name = a.Text(first) ?? "";
            var found = Tests.Find(name) ?? throw new ValueError(Tests.Unknown(name));
            var rest = new Arguments(name, test[1..], a.Named);
            holds = item => found(item, rest);
        }

        return new Generated([.. Items(state, value).Where(item => holds(get(item)) == keeps)]);
    }

    // As Jinja2 has it: what counts as false, none too, has nothing to choose from.
    private static IReadOnlyList<object?> Items(RenderState state, object? value) => PyValue.IsTrue(value) ? ListFilters.Items(state, value) : [];

    /// <summary>Reads an attribute, such as <c>function.name</c>; null: the item itself.</summary>
    public static Func<object?, object?> Getter(object? attribute)
    {
        if (attribute is null)
            return item => item;
        if (attribute is not (string or long))
            throw new ValueError($"expected the name of an attribute, came {PyValue.KindOf(attribute)}.");
        object[] path = [.. PyShown.Text(attribute).Split('.').Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? (object)index : part)];
        return item => path.Aggregate(item, Attributes.Item);
    }
}
