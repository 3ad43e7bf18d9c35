namespace Decant.Text.Unicode;

/// <summary>A text while it is normalised and cut, with the place in the original that each character came from.</summary>
/// <remarks>
/// A step that changes the text writes it anew: <see cref="Begin"/>, <c>Append</c> …, <see cref="Commit"/>. Positions are kept only where requested,
/// so that ids alone cost nothing more. Not safe to use from several threads.
/// </remarks>
internal sealed class TextBuffer
{
    private char[] _text = new char[256];
    private char[] _next = new char[256];
    private int[] _starts = [];
    private int[] _ends = [];
    private int[] _nextStarts = [];
    private int[] _nextEnds = [];
    private int _written;
    private int _most; // characters
    private int _first; // where the first character of the new text comes from

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _text.AsSpan(0, Length);

    /// <summary>The text to change in place, one character for one.</summary>
    public Span<char> Characters => _text.AsSpan(0, Length);

    public bool Tracks { get; private set; }

    /// <summary>Whether the first character comes from the original's beginning; not where white space was stripped before it.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>The end of the new text so far.</summary>
    public int Written => _written;

    /// <summary>How many characters normalisation may make of a number of them: Unicode's forms make 18 of one, bytes as characters 4.</summary>
    private static int MostOf(int length) => (int)Math.Min(1 << 30, (256L * length) + (1 << 16));

    public void Load(ReadOnlySpan<char> text, int origin, bool tracks)
    {
        _most = MostOf(text.Length);
        if (_text.Length < text.Length) _text = new char[text.Length + 16];
        text.CopyTo(_text);
        (Length, Tracks, IsFirst) = (text.Length, tracks, origin == 0);
        if (!tracks) return;
        if (_starts.Length < _text.Length) (_starts, _ends) = (new int[_text.Length], new int[_text.Length]);
        for (var i = 0; i < text.Length; i++) (_starts[i], _ends[i]) = (origin + i, origin + i + 1);
    }

    /// <summary>Where the characters from <paramref name="start"/> to before <paramref name="end"/> stand in the original.</summary>
    public (int Start, int End) Original(int start, int end)
    {
        if (Length == 0) return (0, 0);
        if (start >= end) return start < Length ? (_starts[start], _starts[start]) : (_ends[Length - 1], _ends[Length - 1]);
        return (_starts[start], Math.Max(_starts[start], _ends[end - 1]));
    }

    /// <summary>A copy of a part, with its places.</summary>
    public TextBuffer Slice(int start, int length)
    {
        var part = new TextBuffer { _most = _most, _text = new char[length + 16], Length = length, Tracks = Tracks, IsFirst = IsFirst && start == 0 };
        _text.AsSpan(start, length).CopyTo(part._text);
        if (!Tracks) return part;
        (part._starts, part._ends) = (_starts[start..(start + length)], _ends[start..(start + length)]);
        return part;
    }

    public void Begin() => _written = 0;

    /// <summary>Adds a character that replaces the one at <paramref name="from"/>.</summary>
    public void Append(char c, int from) => Append(c, from, from + 1);

    /// <summary>Adds a character that replaces those from <paramref name="from"/> to before <paramref name="to"/>; of none where the two are equal.</summary>
    public void Append(char c, int from, int to)
    {
        if (_written == _next.Length) Grow(_written + 1);
        if (_written == 0) _first = from;
        if (Tracks) Place(from, to);
        _next[_written++] = c;
    }

    public void Append(ReadOnlySpan<char> text, int from, int to)
    {
        foreach (var c in text) Append(c, from, to);
    }

    public void Append(System.Text.Rune rune, int from, int to)
    {
        Span<char> units = stackalloc char[2];
        Append(units[..rune.EncodeToUtf16(units)], from, to);
    }

    /// <summary>Adds characters as they are.</summary>
    public void Copy(int from, int length)
    {
        if (Tracks)
        {
            for (var i = from; i < from + length; i++) Append(_text[i], i);
            return;
        }

        if (_written == 0) _first = from;
        if (_written + length > _next.Length) Grow(_written + length);
        _text.AsSpan(from, length).CopyTo(_next.AsSpan(_written));
        _written += length;
    }

    /// <summary>The new text takes the old one's place.</summary>
    public void Commit()
    {
        (_text, _next) = (_next, _text);
        if (Tracks) (_starts, _nextStarts, _ends, _nextEnds) = (_nextStarts, _starts, _nextEnds, _ends);
        Length = _written;
        IsFirst &= Length == 0 || _first == 0;
    }

    /// <summary>Keeps a part alone.</summary>
    public void Keep(int start, int length)
    {
        if (start == 0 && length == Length) return;
        Begin();
        Copy(start, length);
        Commit();
    }

    private void Grow(int needed)
    {
        if (needed > _most)
            throw new DecantException($"The tokenizer's normalisation makes more than {_most} characters of a text; its replacements grow without end. Use another tokenizer, or cut the text.");
        Array.Resize(ref _next, (int)Math.Min(Math.Max(needed, _next.Length * 2L), Math.Max(_most, needed)));
    }

    private void Place(int from, int to)
    {
        if (_nextStarts.Length < _next.Length)
        {
            Array.Resize(ref _nextStarts, _next.Length);
            Array.Resize(ref _nextEnds, _next.Length);
        }

        (_nextStarts[_written], _nextEnds[_written]) = from < to ? Original(from, Math.Min(to, Length)) : Original(from, from);
    }
}
