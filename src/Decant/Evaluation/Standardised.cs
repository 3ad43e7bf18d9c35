namespace Decant.Evaluation;

/// <summary>Values less their mean, over their standard deviation (N in the denominator).</summary>
internal sealed class Standardised
{
    /// <summary>A spread below this share of the largest value is rounding.</summary>
    private const double Rounding = 1e-12;

    public Standardised(double[] values)
    {
        var mean = values.Average();
        Spread = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
        IsConstant = !(Spread > Rounding * values.Max(Math.Abs));
        Z = IsConstant ? new double[values.Length] : [.. values.Select(v => (v - mean) / Spread)];
    }

    public double Spread { get; }

    public bool IsConstant { get; }

    public double[] Z { get; }

    /// <summary>The mean of the products, from −1 to 1; 0 where either is constant.</summary>
    public double Correlation(Standardised other) => Math.Clamp(Z.Zip(other.Z, (a, b) => a * b).Sum() / Z.Length, -1, 1);
}
