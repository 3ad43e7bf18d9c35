namespace Decant.Inference.Cascades;

/// <summary>One threshold of the grid on the held-out rows.</summary>
/// <param name="Threshold">Answers with a confidence of this or more are given locally.</param>
/// <param name="Accepted">How many rows that is.</param>
/// <param name="Wrong">How many of them are wrong.</param>
/// <param name="Share">Accepted / all rows.</param>
/// <param name="Bound">The upper bound of Clopper and Pearson of the risk at this threshold alone, at the confidence asked for; 1 where nothing is accepted.</param>
/// <param name="Cost">The expected cost of a request.</param>
/// <param name="IsTested">Whether enough rows are accepted for the test, and no stricter threshold failed it.</param>
/// <param name="IsSafe">Whether it passed.</param>
public sealed record CascadeStep(double Threshold, int Accepted, int Wrong, double Share, double Bound, double Cost, bool IsTested, bool IsSafe)
{
    /// <summary>Wrong / Accepted; 0 where nothing is accepted.</summary>
    public double MeasuredRisk => Accepted == 0 ? 0 : (double)Wrong / Accepted;
}
