using Decant.Text.Unicode;

namespace Decant.Text.PreTokenization;

/// <summary>The parts that a text is cut into: places in a <see cref="TextBuffer"/>, in order.</summary>
internal sealed class Pieces
{
    private (int Start, int Length)[] _all = new (int, int)[64];
    private (int Start, int Length)[] _next = new (int, int)[64];
    private int _written;

    public int Count { get; private set; }

    public ReadOnlySpan<(int Start, int Length)> All => _all.AsSpan(0, Count);

    /// <summary>One part alone.</summary>
    public void Reset(int length)
    {
        Begin();
        Add(0, length);
        Commit();
    }

    public void Begin() => _written = 0;

    /// <summary>Adds a part that is not empty.</summary>
    public void Add(int start, int length)
    {
        if (length == 0) return;
        if (_written == _next.Length) Array.Resize(ref _next, _written * 2);
        _next[_written++] = (start, length);
    }

    public void Commit()
    {
        (_all, _next) = (_next, _all);
        Count = _written;
    }
}
