namespace Decant.Compression.Quantization.Calibrating;

/// <summary>What is kept of all values of an activation: extremes, and counts in bins of equal width from −limit to limit. A value outside doubles the limit, and neighbouring bins are added up; so nothing is read twice.</summary>
internal sealed class ActivationHistogram
{
    /// <summary>The number of bins.</summary>
    public const int Bins = 4096;

    private double[] _counts = new double[Bins];

    /// <summary>The end of the last bin; the first begins at its negative. 0 before a value other than 0 came.</summary>
    public double Limit { get; private set; }

    /// <summary>The smallest value; 0 is always counted as one.</summary>
    public float Least { get; private set; }

    /// <summary>The largest value; 0 is always counted as one.</summary>
    public float Most { get; private set; }

    /// <summary>How many values came.</summary>
    public long Count { get; private set; }

    /// <summary>The most axes that the activation had in a sample.</summary>
    public int Rank { get; private set; }

    /// <summary>How many values fell into each bin.</summary>
    public IReadOnlyList<double> Counts => _counts;

    /// <summary>Adds values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="rank">The number of axes they had.</param>
    /// <returns>False where one is infinite or not a number; the histogram is of no use then.</returns>
    public bool Add(ReadOnlySpan<float> values, int rank = 1)
    {
        Rank = Math.Max(Rank, rank);
        var largest = 0f;
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return false;
            (Least, Most) = (Math.Min(Least, value), Math.Max(Most, value));
            largest = Math.Max(largest, Math.Abs(value));
        }

        Reach(largest);
        Count += values.Length;
        var perUnit = Limit > 0 ? Bins / (2 * Limit) : 0;
        foreach (var value in values)
            _counts[Math.Min(Bins - 1, (int)((value + Limit) * perUnit))]++;
        return true;
    }

    private void Reach(float largest)
    {
        if (Limit == 0)
        {
            if (largest > 0 && Count > 0)
                (_counts[Bins / 2], _counts[0]) = (_counts[0], 0); // all were 0 until now
            Limit = largest;
        }

        while (Limit < largest)
        {
            Limit *= 2;
            var wider = new double[Bins];
            for (var i = 0; i < Bins; i++)
                wider[(Bins / 4) + (i / 2)] += _counts[i];
            _counts = wider;
        }
    }
}
