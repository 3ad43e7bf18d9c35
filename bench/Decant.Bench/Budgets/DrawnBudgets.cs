using Decant.Runs.Fitting;

namespace Decant.Bench.Budgets;

/// <summary>Budgets drawn at random around the figures of candidates: some that many keep, some that few keep, some that none does.</summary>
internal static class DrawnBudgets
{
    private const double Least = 0.3; // of a candidate's figure
    private const double Most = 1.3;

    /// <summary>The same for the same seed and figures.</summary>
    /// <param name="figures">The figures of all candidates.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">What is drawn from.</param>
    public static IReadOnlyList<FitLimits> Of(IReadOnlyList<CandidateFigures> figures, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var near = figures[random.Next(figures.Count)];
            var limits = random.Next(1, 8); // one to three of them
            var (parameters, bytes, time) = (Factor(), Factor(), Factor());
            return new FitLimits(
                (limits & 1) != 0 ? (long)(near.Parameters * parameters) : null,
                (limits & 2) != 0 ? (long)(near.Bytes * bytes) : null,
                (limits & 4) != 0 ? Math.Round(near.Milliseconds * time, 3) : null);
        })];

        double Factor() => Least + ((Most - Least) * random.NextDouble());
    }
}
