using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Running;

/// <summary>The arguments of a call.</summary>
/// <param name="called">What is called, for messages.</param>
/// <param name="positional">Those without names.</param>
/// <param name="named">Those with names.</param>
internal sealed class Arguments(string called, IReadOnlyList<object?> positional, IReadOnlyDictionary<string, object?> named)
{
    private static readonly IReadOnlyDictionary<string, object?> s_noNames = new Dictionary<string, object?>();

    /// <summary>Those without names.</summary>
    public IReadOnlyList<object?> Positional => positional;

    /// <summary>Those with names.</summary>
    public IReadOnlyDictionary<string, object?> Named => named;

    /// <summary>Arguments without names.</summary>
    public static Arguments Of(string called, params IReadOnlyList<object?> positional) => new(called, positional, s_noNames);

    /// <summary>The arguments in the order of these names; null where one is left out, or none.</summary>
    /// <param name="required">How many of them may not be left out.</param>
    /// <param name="names">What they are called.</param>
    /// <exception cref="ValueError">One is missing, unknown or too many.</exception>
    public object?[] Take(int required, params ReadOnlySpan<string> names)
    {
        if (positional.Count > names.Length)
            throw new ValueError($"{called} takes {names.Length} arguments, came {positional.Count}.");
        foreach (var name in named.Keys)
            if (names.IndexOf(name) is var at && (at < 0 || at < positional.Count))
                throw new ValueError(at < 0 ? $"{called} has no argument '{name}' that is served." : $"{called} has its argument '{name}' twice.");
        var taken = new object?[names.Length];
        for (var i = 0; i < taken.Length; i++)
        {
            if (i >= positional.Count && !named.ContainsKey(names[i]) && i < required)
                throw new ValueError($"{called} needs its argument '{names[i]}'.");
            taken[i] = i < positional.Count ? positional[i] : named.GetValueOrDefault(names[i]);
        }

        return taken;
    }

    /// <summary>None of them.</summary>
    public void None() => Take(0);

    /// <summary>A text among those that were taken; null where it was left out.</summary>
    public string? Text(object? value) => value is null or string ? (string?)value : throw new ValueError($"{called}: expected a text, came {PyValue.KindOf(value)}.");

    /// <summary>A whole number among those that were taken; null where it was left out.</summary>
    public long? Whole(object? value) => value is null ? null : PyNumber.Whole(value) ?? throw new ValueError($"{called}: expected a whole number, came {PyValue.KindOf(value)}.");
}
