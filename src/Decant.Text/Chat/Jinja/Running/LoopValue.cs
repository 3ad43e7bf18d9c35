using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Running;

/// <summary>What <c>loop</c> says in a loop.</summary>
/// <param name="items">All that is gone through.</param>
internal sealed class LoopValue(IReadOnlyList<object?> items)
{
    private object?[]? _changed;

    /// <summary>The place of the item, from 0.</summary>
    public int Index { get; set; }

    /// <summary>An attribute; Undefined: there is none.</summary>
    public object? Find(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)items.Count - Index,
        "revindex0" => items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new Undefined("loop.previtem"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new Undefined("loop.nextitem"),
        "depth" => 1L, // that of a recursive loop, which is not served
        "depth0" => 0L,
        "cycle" => new Function("loop.cycle", (_, arguments) => Cycle(arguments.Positional)),
        "changed" => new Function("loop.changed", (_, arguments) => Changed(arguments.Positional)),
        _ => new Undefined($"loop.{name}"),
    };

    private object? Cycle(IReadOnlyList<object?> values) => values.Count > 0 ? values[Index % values.Count] : throw new ValueError("loop.cycle needs values.");

    private bool Changed(IReadOnlyList<object?> values)
    {
        var before = _changed;
        _changed = [.. values];
        return before is null || before.Length != values.Count || before.Zip(values).Any(pair => !PyValue.AreEqual(pair.First, pair.Second));
    }
}
