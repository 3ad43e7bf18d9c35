namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>How far one class has come.</summary>
/// <param name="index">Which class, from 0.</param>
/// <param name="wanted">How many rows are asked for.</param>
internal sealed class ClassProgress(int index, int wanted)
{
    private const double LeastYield = 0.05;
    private int _number, _texts, _rounds, _barren, _keptBefore;

    /// <summary>The rows, each with the place in which it was written.</summary>
    public List<(int Place, string Text)> Kept { get; } = [];

    /// <summary>Texts that passed all filters and wait for the judge.</summary>
    public Queue<(int Place, string Text)> Waiting { get; } = [];

    /// <summary>How many rows are missing.</summary>
    public int Missing => wanted - Kept.Count;

    /// <summary>Rows that this class and the judge let become of a text so far; null: nothing was written.</summary>
    public double? Yield => _texts == 0 ? null : (double)Kept.Count / _texts;

    /// <summary>Whether so many rounds in a row brought no row.</summary>
    public bool IsGivenUp(int patience) => Missing > 0 && _barren >= patience;

    /// <summary>How many requests a round sends: as many as the missing rows need at the yield so far, but twice as many as they need at best at most.</summary>
    /// <param name="perRequest">Texts of a request.</param>
    /// <param name="usual">The yield of all classes, where this one has none yet.</param>
    public int Requests(int perRequest, double usual)
    {
        var atBest = (Missing + perRequest - 1) / perRequest;
        return Math.Min(2 * atBest, Expected(perRequest, usual));
    }

    /// <summary>How many requests the missing rows need at the yield so far.</summary>
    public int Expected(int perRequest, double usual) => (int)Math.Ceiling(Missing / (perRequest * Math.Clamp(Yield ?? usual, LeastYield, 1)));

    /// <summary>The next requests.</summary>
    public IEnumerable<WriteRequest> Next(int count, Func<int, int, IReadOnlyList<string>> examples)
    {
        for (var i = 0; i < count; i++)
            yield return new WriteRequest(index, _number, examples(index, _number++));
    }

    /// <summary>Counts the texts of an answer.</summary>
    public void Wrote(int texts) => _texts += texts;

    /// <summary>Ends a round in which it was asked for.</summary>
    public void EndRound()
    {
        _rounds++;
        _barren = Kept.Count > _keptBefore ? 0 : _barren + 1;
        _keptBefore = Kept.Count;
    }

    /// <summary>The result.</summary>
    public SynthesizedClass Result(string? name, int patience) => new(name, wanted, Kept.Count, _rounds, IsGivenUp(patience));
}
