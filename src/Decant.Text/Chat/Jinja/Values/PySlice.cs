namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Parts of lists and texts by their places, as Python's.</summary>
internal static class PySlice
{
    /// <summary>The item of a place, counted from the end where it is negative; Undefined: there is none.</summary>
    public static object? At(object? value, long index)
    {
        var length = PyValue.Length(value);
        var at = index < 0 ? index + length : index;
        if (at < 0 || at >= length)
            return new Undefined($"[{index}]");
        if (value is not string text)
            return ((Sequence)value!).Items[(int)at];
        var unit = PyText.UnitOf(text, (int)at);
        return text.Substring(unit, unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]) ? 2 : 1);
    }

    /// <summary>The part from a place on, up to another, in steps.</summary>
    /// <exception cref="ValueError">The value has no places, or the step is 0.</exception>
    public static object Part(object? value, long? from, long? to, long? step)
    {
        if (step == 0)
            throw new ValueError("the step of a slice is 0.");
        if (value is string text)
            return step is null or 1 ? PartOf(text, from, to) : string.Concat(Chosen(PyText.Points(text), from, to, step.Value));
        if (value is not Sequence list)
            throw new ValueError($"expected a list or a text to take a part of, came {PyValue.KindOf(value)}.");
        return new Sequence([.. Chosen(list.Items, from, to, step ?? 1)], list.IsTuple);
    }

    private static string PartOf(string text, long? from, long? to)
    {
        var length = PyText.Length(text);
        var (begin, end) = (Bound(from ?? 0, length, 0), Bound(to ?? length, length, 0));
        return begin >= end ? "" : text[PyText.UnitOf(text, (int)begin)..PyText.UnitOf(text, (int)end)];
    }

    private static IEnumerable<T> Chosen<T>(IReadOnlyList<T> items, long? from, long? to, long step)
    {
        var length = items.Count;
        if (step > 0)
        {
            var end = Bound(to ?? length, length, 0);
            for (var i = Bound(from ?? 0, length, 0); i < end; i += Math.Min(step, length))
                yield return items[(int)i];
        }
        else
        {
            var end = to is null ? -1 : Bound(to.Value, length, -1);
            for (var i = Bound(from ?? length - 1, length, -1); i > end && i >= 0; i += Math.Max(step, -length))
                yield return items[(int)i];
        }
    }

    // A place within 0 to the length, or of a slice backwards −1 to the last.
    private static long Bound(long place, int length, int least) => Math.Clamp(place < 0 ? place + length : place, least, length + least);
}
