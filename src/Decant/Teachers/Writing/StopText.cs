namespace Decant.Teachers.Writing;

/// <summary>Finds words that end a text, also across the borders of pieces, and holds back what may be their beginning.</summary>
/// <param name="stops">The words; none of them empty.</param>
internal sealed class StopText(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>Takes a piece of the text.</summary>
    /// <returns>What may be shown, and whether the text ends with it.</returns>
    public (string Text, bool IsOver) Add(string piece)
    {
        _held += piece;
        var found = stops.Select(s => _held.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        return found >= 0 ? (Release(found), true) : (Release(_held.Length - Begun()), false);
    }

    /// <summary>What was held back of a text that ended otherwise.</summary>
    public string End() => Release(_held.Length);

    // How much of the end may be the beginning of a stop.
    private int Begun()
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, _held.Length); length > longest; length--)
            {
                if (stop.AsSpan(0, length).SequenceEqual(_held.AsSpan(_held.Length - length)))
                    longest = length;
            }
        }

        return longest;
    }

    private string Release(int length)
    {
        var text = _held[..length];
        _held = _held[length..];
        return text;
    }
}
