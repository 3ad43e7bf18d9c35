namespace Decant.Evaluation;

/// <summary>Student's t distribution with a whole number of degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).</summary>
internal static class StudentT
{
    /// <summary>The t that a standardised mean stays within, in absolute value, with the given probability.</summary>
    public static double TwoSidedQuantile(double probability, int degrees)
    {
        double low = 0, high = 1;
        while (Within(high, degrees) < probability)
            high *= 2;
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (Within(middle, degrees) < probability)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>P(|T| ≤ t).</summary>
    public static double Within(double t, int degrees)
    {
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sin, cos) = Math.SinCos(angle);
        var odd = degrees % 2 == 1;
        double term = odd ? cos : 1, sum = degrees == 1 ? 0 : term;
        for (var k = odd ? 3 : 2; k <= degrees - 2; k += 2)
        {
            term *= cos * cos * (k - 1) / k;
            sum += term;
        }
        return odd ? 2 / Math.PI * (angle + sin * sum) : sin * sum;
    }
}
