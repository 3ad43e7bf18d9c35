namespace Decant.Rollouts;

/// <summary>Counts the sequences of four tokens that stood in the same text before.</summary>
internal sealed class RepeatedSequences
{
    private const int Length = 4;

    private long _all, _again;

    /// <summary>Their share; 0 where there are none.</summary>
    public double Share => _all == 0 ? 0 : (double)_again / _all;

    public void Add(int[] text)
    {
        var seen = new HashSet<(int, int, int, int)>();
        for (var i = 0; i + Length <= text.Length; i++)
        {
            _all++;
            _again += seen.Add((text[i], text[i + 1], text[i + 2], text[i + 3])) ? 0 : 1;
        }
    }
}
