namespace Decant.Teachers.Remote.Asking;

/// <summary>The 97.5 % quantile of Student's t distribution.</summary>
internal static class StudentQuantile
{
    private const double Normal = 1.959963984540054;

    // Where the expansion below is off by more than half a thousandth.
    private static readonly double[] s_few = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];

    /// <summary>The quantile; the expansion of Cornish and Fisher around that of the normal distribution for 11 degrees of freedom or more (Abramowitz and Stegun 26.7.5).</summary>
    /// <param name="freedom">The degrees of freedom, 1 or more.</param>
    public static double At975(int freedom)
    {
        if (freedom <= s_few.Length)
            return s_few[freedom - 1];
        var (x, n) = (Normal, (double)freedom);
        var g1 = (Math.Pow(x, 3) + x) / 4;
        var g2 = ((5 * Math.Pow(x, 5)) + (16 * Math.Pow(x, 3)) + (3 * x)) / 96;
        var g3 = ((3 * Math.Pow(x, 7)) + (19 * Math.Pow(x, 5)) + (17 * Math.Pow(x, 3)) - (15 * x)) / 384;
        return x + (g1 / n) + (g2 / (n * n)) + (g3 / (n * n * n));
    }
}
