using Decant.Torch;

namespace Decant.LLama.Rows;

/// <summary>Which row of an answer each place of a batch has.</summary>
internal sealed class LogitRows
{
    private readonly int[] _rows;
    private readonly List<(int Row, int First)> _again = [];
    private readonly int _width;

    /// <param name="wanted">[R] the places that are answered, in the order of the rows.</param>
    /// <param name="places">B·T.</param>
    /// <param name="width">V, how many numbers a row has.</param>
    public LogitRows(IReadOnlyList<long> wanted, int places, int width)
    {
        (_rows, _width) = (new int[places], width);
        Array.Fill(_rows, -1);
        for (var row = 0; row < wanted.Count; row++)
        {
            ref var there = ref _rows[wanted[row]];
            if (there >= 0)
                _again.Add((row, there));
            else
                there = row;
        }
    }

    /// <summary>The row of a place; −1: it is not answered.</summary>
    public int RowOf(int place) => _rows[place];

    /// <summary>Writes logits into their rows.</summary>
    /// <param name="from">The logits of a step, one row after the other.</param>
    /// <param name="width">How many a row has there; those beyond V belong to no token.</param>
    /// <param name="rows">Where each goes.</param>
    /// <param name="into">[R, V].</param>
    public void Write(ReadOnlySpan<float> from, int width, List<int> rows, Tensor into)
    {
        var numbers = into.AsSpan<float>();
        for (var i = 0; i < rows.Count; i++)
            from.Slice(i * width, _width).CopyTo(numbers.Slice(rows[i] * _width, _width));
    }

    /// <summary>Fills rows that ask about a place again.</summary>
    public void Repeat(Tensor into)
    {
        var numbers = into.AsSpan<float>();
        foreach (var (row, first) in _again)
            numbers.Slice(first * _width, _width).CopyTo(numbers.Slice(row * _width, _width));
    }
}
