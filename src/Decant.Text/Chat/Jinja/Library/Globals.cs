using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>The functions that every template sees.</summary>
internal static class Globals
{
    private const int MostItems = 100_000; // of a range, as Jinja's sandbox has it

    private static readonly Function[] s_functions =
    [
        new("range", Range), new("namespace", Space), new("dict", Dictionary), new("raise_exception", Raise), new("strftime_now", (state, a) => DateText.Of(state.Now, a.Text(a.Take(1, "format")[0]) ?? "")),
        new("joiner", Joiner), new("cycler", Cycler),
    ];

    /// <summary>Their names, for messages.</summary>
    public static string Known { get; } = string.Join(", ", s_functions.Select(f => f.Name));

    /// <summary>A scope that has them.</summary>
    public static Scope Scope()
    {
        var scope = new Scope(null);
        foreach (var function in s_functions)
            scope.Set(function.Name, function);
        return scope;
    }

    private static object? Range(RenderState state, Arguments a)
    {
        var bounds = a.Positional.Select(bound => a.Whole(bound) ?? 0).ToArray();
        if (bounds.Length is < 1 or > 3 || a.Named.Count > 0)
            throw new ValueError($"range takes one to three whole numbers, came {bounds.Length}.");
        var (from, to, step) = (bounds.Length > 1 ? bounds[0] : 0, bounds.Length > 1 ? bounds[1] : bounds[0], bounds.Length > 2 ? bounds[2] : 1);
        if (step == 0)
            throw new ValueError("the step of a range is 0.");
        var count = Math.Ceiling(((double)to - from) / step);
        if (count > MostItems)
            throw new ValueError($"a range of {count:N0} numbers; at most {MostItems:N0} are served.");
        state.SpendOn((long)Math.Max(count, 0));
        return new Sequence([.. Enumerable.Range(0, (int)Math.Max(count, 0)).Select(i => (object)(from + (i * step)))]);
    }

    private static object? Space(RenderState state, Arguments a)
    {
        var space = new NamespaceValue();
        foreach (var (key, value) in Merged(a).Entries)
            if (key is string name)
                space.Attributes[name] = value;
        return space;
    }

    private static object? Dictionary(RenderState state, Arguments a) => Merged(a);

    private static Mapping Merged(Arguments a)
    {
        var map = new Mapping();
        foreach (var given in a.Positional)
            foreach (var (key, value) in given is Mapping other ? other.Entries : throw new ValueError($"expected a dictionary, came {PyValue.KindOf(given)}."))
                map.Set(key, value);
        foreach (var (key, value) in a.Named)
            map.Set(key, value);
        return map;
    }

    private static object? Raise(RenderState state, Arguments a) => throw new ValueError($"the template refuses the messages: {PyShown.Text(a.Take(1, "message")[0])}");

    private static object? Joiner(RenderState state, Arguments a)
    {
        var (separator, used) = (a.Text(a.Take(0, "sep")[0]) ?? ", ", false);
        return new Function("joiner", (_, _) =>
        {
            var text = used ? separator : "";
            used = true;
            return text;
        });
    }

    private static object? Cycler(RenderState state, Arguments a) => throw new ValueError("cycler is not served; use loop.cycle.");
}
