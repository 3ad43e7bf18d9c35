namespace Decant.Inference.Cascades;

/// <summary>Evidence, row by row, that the risk is above a level: an average of likelihood ratios, which begins anew every so many rows.</summary>
/// <param name="level">The risk that is allowed, above 0.</param>
/// <param name="window">Rows after which it begins anew.</param>
/// <param name="alpha">The probability, in one window, that a risk of at most the level is reported.</param>
internal sealed class AgreementEvidence(double level, int window, double alpha)
{
    private static readonly double[] s_factors = [1.5, 2, 4];

    private readonly double[] _risks = Array.ConvertAll(s_factors, f => Math.Min(f * level, (1 + level) / 2));
    private readonly double[] _logs = new double[s_factors.Length];

    /// <summary>All rows.</summary>
    public long Seen { get; private set; }

    /// <summary>Rows of this window.</summary>
    public int Count { get; private set; }

    /// <summary>The wrong ones of them.</summary>
    public int Wrong { get; private set; }

    /// <summary>Counts a row.</summary>
    /// <returns>Whether the evidence suffices.</returns>
    public bool Add(bool isWrong)
    {
        if (Count == window)
        {
            (Count, Wrong) = (0, 0);
            Array.Clear(_logs);
        }

        (Seen, Count, Wrong) = (Seen + 1, Count + 1, Wrong + (isWrong ? 1 : 0));
        for (var i = 0; i < _logs.Length; i++)
            _logs[i] += isWrong ? Math.Log(_risks[i] / level) : Math.Log((1 - _risks[i]) / (1 - level));
        var most = _logs.Max();
        return most + Math.Log(_logs.Sum(l => Math.Exp(l - most)) / _logs.Length) >= -Math.Log(alpha);
    }
}
