using System.Globalization;
using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

/// <summary>What simulated experiments share: how many there are, and what they draw.</summary>
internal static class Simulation
{
    /// <summary>How often an experiment is repeated: DECANT_SIMULATIONS, or 400, whose standard error is 1.1 points at 95 %.</summary>
    public static int Experiments { get; } = int.TryParse(Environment.GetEnvironmentVariable("DECANT_SIMULATIONS"), CultureInfo.InvariantCulture, out var n) ? n : 400;

    /// <summary>Four standard errors of a share: what an honest simulation stays within but once in 16,000 times.</summary>
    public static double Slack(double share) => 4 * Math.Sqrt(share * (1 - share) / Experiments);

    /// <summary>A draw from the standard normal distribution (Box and Muller 1958).</summary>
    public static double Normal(this SplitMix64 random) => Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());

    /// <summary>A stationary autoregression of order 1 with standard deviation 1: e_t = ρ·e_(t−1) + √(1 − ρ²)·z_t.</summary>
    public static double[] Autoregression(this SplitMix64 random, int length, double rho)
    {
        var values = new double[length];
        for (var t = 0; t < length; t++)
            values[t] = t == 0 ? random.Normal() : rho * values[t - 1] + Math.Sqrt(1 - rho * rho) * random.Normal();
        return values;
    }

    public static bool Covers(this PairedDifference d, double truth) => d.Low <= truth && truth <= d.High;
}
