using Decant.Teachers.Remote.Limits;

namespace Decant.Teachers.Remote.Asking;

/// <summary>
/// What all rows will cost, from the first ones that were answered: n rows drawn at random from N, mean m and deviation s of what a row has. A row: m ± t·s/√n with Student's t of n − 1 degrees of freedom;
/// all: N times that, the interval narrowed by √(1 − n/N), for the n are known. Money has the interval of the rows' own costs, so that input and output are not added up as if both were at their ends.
/// </summary>
/// <param name="Rows">N, the n included.</param>
/// <param name="Sampled">n.</param>
/// <param name="InputTokensPerRow">Tokens of a row's prompts.</param>
/// <param name="OutputTokensPerRow">Tokens of its answers.</param>
/// <param name="Tokens">All tokens of all rows.</param>
/// <param name="Money">What all rows cost; null: no prices were given.</param>
public sealed record CostEstimate(long Rows, int Sampled, EstimatedAmount InputTokensPerRow, EstimatedAmount OutputTokensPerRow, EstimatedAmount Tokens, EstimatedAmount? Money)
{
    /// <summary>How many rows are asked before the cost is estimated.</summary>
    public const int UsualSample = 20;

    /// <summary>The estimate.</summary>
    /// <param name="sample">Rows that were answered, two or more, drawn at random; what abstained counts with what it cost.</param>
    /// <param name="rows">N, at least as many.</param>
    /// <param name="prices">The prices; null: money is not estimated.</param>
    public static CostEstimate From(IReadOnlyList<ChatAnswer> sample, long rows, TokenPrices? prices = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return From([.. sample.Select(row => (row.InputTokens, row.OutputTokens))], rows, prices);
    }

    /// <summary>The estimate from tokens alone.</summary>
    /// <param name="sample">Input and output tokens of rows that were answered, two or more, drawn at random.</param>
    /// <param name="rows">N, at least as many.</param>
    /// <param name="prices">The prices; null: money is not estimated.</param>
    /// <exception cref="DecantException">There are fewer than two rows, or more than N.</exception>
    public static CostEstimate From(IReadOnlyList<(long Input, long Output)> sample, long rows, TokenPrices? prices = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Count < 2 || rows < sample.Count)
            throw new DecantException($"cost estimate: expected two answered rows or more, and no more than there are in all, came {sample.Count} of {rows}. Answer a few rows first.");
        return new CostEstimate(
            rows,
            sample.Count,
            PerRow([.. sample.Select(row => (double)row.Input)]),
            PerRow([.. sample.Select(row => (double)row.Output)]),
            All([.. sample.Select(row => (double)row.Input + row.Output)], rows),
            prices is null ? null : All([.. sample.Select(row => (double)prices.Of(row.Input, row.Output))], rows));
    }

    private static EstimatedAmount PerRow(double[] values)
    {
        var (mean, half) = MeanAndHalf(values);
        return new EstimatedAmount(mean, Math.Max(0, mean - half), mean + half);
    }

    // The n themselves are known, and no total is below theirs.
    private static EstimatedAmount All(double[] values, long rows)
    {
        var (mean, half) = MeanAndHalf(values);
        half *= rows * Math.Sqrt(1 - ((double)values.Length / rows));
        return new EstimatedAmount(mean * rows, Math.Max(values.Sum(), (mean * rows) - half), (mean * rows) + half);
    }

    private static (double Mean, double Half) MeanAndHalf(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        return (mean, StudentQuantile.At975(values.Length - 1) * Math.Sqrt(variance / values.Length));
    }
}
