using System.Text;

namespace Decant.Inference;

/// <summary>Ends a continuation before the first of some texts, wherever tokens end within it: what may be its beginning is held back.</summary>
/// <param name="stops">The texts, none of them empty.</param>
internal sealed class StopSearch(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Whether one came.</summary>
    public bool IsFound { get; private set; }

    /// <summary>The next piece of the continuation.</summary>
    /// <returns>What is certain to stand before any of the texts.</returns>
    public string Add(string piece)
    {
        if (IsFound || stops.Count == 0)
            return IsFound ? "" : piece;
        var text = _held.Append(piece).ToString();
        var at = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        IsFound = at >= 0;
        var sure = IsFound ? at : text.Length - stops.Max(stop => Begun(text, stop));
        _held.Remove(0, IsFound ? text.Length : sure);
        return text[..sure];
    }

    /// <summary>What was held back and came to nothing.</summary>
    public string End()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    // How many characters at the end of the text begin the other.
    private static int Begun(string text, string stop)
    {
        for (var length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan().EndsWith(stop.AsSpan(0, length), StringComparison.Ordinal))
                return length;
        }

        return 0;
    }
}
