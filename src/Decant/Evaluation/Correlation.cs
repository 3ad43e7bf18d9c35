namespace Decant.Evaluation;

/// <summary>How well one list of numbers follows another, from −1 to 1.</summary>
/// <remarks>Where either list is constant the quotient is 0/0 and defined as 0: a model that always answers the same has learned nothing of the order.</remarks>
internal static class Correlation
{
    /// <summary>Pearson's r: along a line.</summary>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    public static double Pearson(double[] x, double[] y)
    {
        Check(x, y);
        return new Standardised(x).Correlation(new Standardised(y));
    }

    /// <summary>Spearman's ρ: Pearson's r of the ranks, where values that tie share the mean of theirs.</summary>
    /// <param name="x">[N].</param>
    /// <param name="y">[N].</param>
    public static double Spearman(double[] x, double[] y)
    {
        Check(x, y);
        return new Standardised(Ranks.Of(x)).Correlation(new Standardised(Ranks.Of(y)));
    }

    private static void Check(double[] x, double[] y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Length == 0 || x.Length != y.Length)
            throw new DecantException($"A correlation needs two lists of the same length, at least 1; {x.Length} and {y.Length} numbers came.");
    }
}
