namespace Decant.Inference.Cascades;

/// <summary>P-values of "both samples come from one distribution".</summary>
internal static class TwoSampleTests
{
    private const int Terms = 100;

    /// <summary>The test of Kolmogorov and Smirnov, with Stephens' correction of the asymptotic distribution; on values that tie it is cautious.</summary>
    /// <param name="a">Ascending; one or more.</param>
    /// <param name="b">Ascending; one or more.</param>
    public static double KolmogorovSmirnov(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (i, j, distance) = (0, 0, 0.0);
        while (i < a.Count && j < b.Count)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Count && a[i] <= value)
                i++;
            while (j < b.Count && b[j] <= value)
                j++;
            distance = Math.Max(distance, Math.Abs(((double)i / a.Count) - ((double)j / b.Count)));
        }

        var root = Math.Sqrt((double)a.Count * b.Count / (a.Count + b.Count));
        return Survival((root + 0.12 + (0.11 / root)) * distance);
    }

    /// <summary>Fisher's exact test of two shares: twice the smaller tail of the hypergeometric distribution.</summary>
    /// <param name="first">How many of the first sample.</param>
    /// <param name="firstCount">Its size.</param>
    /// <param name="second">How many of the second sample.</param>
    /// <param name="secondCount">Its size.</param>
    public static double Shares(int first, int firstCount, int second, int secondCount)
    {
        var (marked, all) = (first + second, firstCount + secondCount);
        var (lowest, highest) = (Math.Max(0, secondCount - (all - marked)), Math.Min(secondCount, marked));
        var logs = new double[highest - lowest + 1]; // up to one constant, which the sum takes away
        for (var x = lowest; x < highest; x++)
        {
            logs[x - lowest + 1] = logs[x - lowest]
                + Math.Log((double)(marked - x) * (secondCount - x)) - Math.Log((x + 1.0) * (all - marked - secondCount + x + 1));
        }

        var most = logs.Max();
        var terms = Array.ConvertAll(logs, l => Math.Exp(l - most));
        var sum = terms.Sum();
        var below = terms.Take(second - lowest + 1).Sum() / sum;
        var above = terms.Skip(second - lowest).Sum() / sum;
        return Math.Min(1, 2 * Math.Min(below, above));
    }

    /// <summary>2 Σ (−1)^(k−1) exp(−2 k² x²).</summary>
    private static double Survival(double x)
    {
        if (x < 0.2)
            return 1;
        var sum = 0.0;
        for (var k = 1; k <= Terms; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }
}
