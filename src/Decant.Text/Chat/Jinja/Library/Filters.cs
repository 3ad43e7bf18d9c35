using System.Collections.Frozen;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>What stands behind <c>|</c>.</summary>
internal delegate object? Filter(RenderState state, object? value, Arguments arguments);

/// <summary>The filters that are served.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Filter> s_all = new Dictionary<string, Filter>(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Absolute,
        ["int"] = NumberFilters.Whole,
        ["float"] = NumberFilters.Real,
        ["round"] = NumberFilters.Round,
        ["capitalize"] = OfText(PyText.Capitalize),
        ["lower"] = OfText(text => text.ToLowerInvariant()),
        ["upper"] = OfText(text => text.ToUpperInvariant()),
        ["title"] = OfText(TextFilters.Title),
        ["string"] = OfText(text => text),
        ["wordcount"] = OfText(TextFilters.CountWords),
        ["trim"] = TextFilters.Trim,
        ["replace"] = TextFilters.Replace,
        ["indent"] = TextFilters.Indent,
        ["format"] = (state, value, a) => Combination.Formatted(state, PyShown.Text(value), a.Positional),
        ["tojson"] = TextFilters.ToJson,
        ["join"] = ListFilters.Join,
        ["default"] = Default,
        ["d"] = Default,
        ["count"] = Length,
        ["length"] = Length,
        ["first"] = ListFilters.First,
        ["last"] = ListFilters.Last,
        ["list"] = ListFilters.List,
        ["items"] = ListFilters.Pairs,
        ["reverse"] = ListFilters.Reverse,
        ["batch"] = ListFilters.Batch,
        ["unique"] = ListFilters.Unique,
        ["sum"] = ListFilters.Sum,
        ["sort"] = SortFilters.Sort,
        ["dictsort"] = SortFilters.SortPairs,
        ["min"] = SortFilters.Least,
        ["max"] = SortFilters.Largest,
        ["map"] = ChoosingFilters.Map,
        ["attr"] = (_, value, a) => Attributes.Member(value, a.Text(a.Take(1, "name")[0]) ?? ""),
        ["select"] = (state, value, a) => ChoosingFilters.Chosen(state, value, a, keeps: true, byAttribute: false),
        ["reject"] = (state, value, a) => ChoosingFilters.Chosen(state, value, a, keeps: false, byAttribute: false),
        ["selectattr"] = (state, value, a) => ChoosingFilters.Chosen(state, value, a, keeps: true, byAttribute: true),
        ["rejectattr"] = (state, value, a) => ChoosingFilters.Chosen(state, value, a, keeps: false, byAttribute: true),
        ["safe"] = OfText(text => text), // nothing is escaped
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names, for messages.</summary>
    private static string Known { get; } = string.Join(", ", s_all.Keys.Order(StringComparer.Ordinal));

    /// <summary>What is said of one that is not served.</summary>
    public static string Unknown(string name) => $"there is no filter '{name}' that is served; served filters are {Known}.";

    /// <summary>A filter; null: there is none of this name.</summary>
    public static Filter? Find(string name) => s_all.GetValueOrDefault(name);

    private static Filter OfText(Func<string, object?> make) => (state, value, arguments) =>
    {
        arguments.None();
        var text = PyShown.Text(value);
        state.SpendOn(text.Length);
        return make(text);
    };

    private static object? Default(RenderState state, object? value, Arguments a)
    {
        var taken = a.Take(0, "default_value", "boolean");
        var isMissing = value is Undefined || (PyValue.IsTrue(taken[1]) && !PyValue.IsTrue(value));
        return !isMissing ? value : a.Positional.Count > 0 || a.Named.ContainsKey("default_value") ? taken[0] : "";
    }

    private static object? Length(RenderState state, object? value, Arguments a)
    {
        a.None();
        return PyValue.Length(value);
    }
}
