using System.Globalization;

namespace Decant.Inference.Cascades;

/// <summary>Chooses the threshold of a cascade on rows that the student was not trained on.</summary>
/// <remarks>
/// <para>
/// With confidence 1 − δ over the draw of the rows, the risk P(wrong | confidence ≥ threshold) is at most the level asked for. The thresholds of a grid that is fixed
/// beforehand are tested from the strictest to the loosest ("learn then test", Angelopoulos et al. 2021, with fixed-sequence testing): at each, the hypothesis "the risk
/// is above the level" is rejected if P(Binomial(accepted, level) ≤ wrong) ≤ δ. The walk ends at the first that is not rejected, and the one before it is taken, so that no correction for
/// the number of thresholds is paid. The risk is that among accepted rows, as in selective classification (Geifman &amp; El-Yaniv 2017), whose bound divides δ among the thresholds instead.
/// </para>
/// <para>
/// Thresholds that accept too few rows to be rejected are passed over: with a = 0, 1 or 2 wrong rows allowed for, the walk starts where the accepted rows are at least the fewest on which a wrong ones
/// still pass, with the largest a for which that is at most a quarter of all rows. For this the bound needs that the risk does not fall as the threshold is lowered, which is what makes a confidence one.
/// </para>
/// </remarks>
public static class CascadeSelection
{
    private const int MostAllowed = 2;
    private const int PartOfRows = 4;

    /// <summary>Chooses.</summary>
    /// <param name="rows">The student's answers to rows that it was not trained on, drawn as requests will be.</param>
    /// <param name="identity">Who answers, and what counts as wrong.</param>
    /// <param name="options">Null: the default ones.</param>
    /// <returns>A policy; with no threshold, and why, where no threshold can be shown to keep the limit.</returns>
    /// <exception cref="DecantException">A confidence is not within 0 to 1, or an option is out of range.</exception>
    public static CascadePolicy Choose(IReadOnlyList<HeldOutAnswer> rows, CascadeIdentity identity, CascadeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(identity);
        options = (options ?? new()).Checked();
        var sorted = Sorted(rows);
        var steps = Walk(sorted, options);
        var chosen = steps.LastOrDefault(s => s.IsSafe);
        return new CascadePolicy
        {
            Threshold = chosen?.Threshold,
            Level = options.Risk,
            Confidence = options.Confidence,
            Score = options.Score,
            ShareLocal = chosen?.Share ?? 0,
            RiskBound = chosen?.Bound ?? 0,
            Rows = rows.Count,
            Accepted = chosen?.Accepted ?? 0,
            Wrong = chosen?.Wrong ?? 0,
            CostPerRequest = chosen?.Cost ?? options.CostTeacher,
            Remark = chosen is null ? Why(rows.Count, steps, options) : null,
            Identity = identity,
            Steps = [.. steps.Where(s => s.Accepted > 0).GroupBy(s => s.Accepted).Select(g => g.Last())],
            Reference = DriftReference.Of(rows),
        };
    }

    /// <summary>The fewest held-out rows with which any threshold can pass: all accepted and none wrong.</summary>
    /// <param name="risk">The level, above 0 and below 1.</param>
    /// <param name="confidence">1 − δ.</param>
    /// <returns>⌈ln δ / ln(1 − level)⌉: 59 for 0.05 at 0.95.</returns>
    public static int FewestRows(double risk, double confidence = 0.95)
    {
        if (risk is not (> 0 and < 1))
            throw new DecantException($"CascadeSelection: expected a risk above 0 and below 1, came {risk}; no number of rows shows a risk of 0.");
        if (confidence is not (> 0 and < 1))
            throw new DecantException($"CascadeSelection: expected a confidence above 0 and below 1, came {confidence}.");
        return BinomialTail.FewestRows(0, risk, 1 - confidence);
    }

    private static HeldOutAnswer[] Sorted(IReadOnlyList<HeldOutAnswer> rows)
    {
        foreach (var row in rows)
        {
            if (row.Confidence is not (>= 0 and <= 1))
                throw new DecantException($"CascadeSelection: expected confidences from 0 to 1, came {row.Confidence}; give probabilities, or exp of a mean log-probability.");
        }

        return [.. rows.OrderByDescending(r => r.Confidence)];
    }

    private static List<CascadeStep> Walk(HeldOutAnswer[] sorted, CascadeOptions options)
    {
        var delta = 1 - options.Confidence;
        var start = options.Risk > 0 ? StartAt(sorted.Length, options.Risk, delta) : int.MaxValue;
        var steps = new List<CascadeStep>();
        var (accepted, wrong, goesOn) = (0, 0, true);
        foreach (var threshold in ThresholdGrid.Thresholds)
        {
            for (; accepted < sorted.Length && sorted[accepted].Confidence >= threshold; accepted++)
                wrong += sorted[accepted].IsWrong ? 1 : 0;
            var share = sorted.Length == 0 ? 0 : (double)accepted / sorted.Length;
            var isTested = goesOn && accepted >= start;
            var isSafe = isTested && BinomialTail.AtMost(wrong, accepted, options.Risk) <= delta;
            goesOn &= isSafe || !isTested;
            steps.Add(new(threshold, accepted, wrong, share, BinomialTail.UpperBound(wrong, accepted, delta), options.CostStudent + ((1 - share) * options.CostTeacher), isTested, isSafe));
        }

        return steps;
    }

    private static int StartAt(int rows, double risk, double delta) =>
        Enumerable.Range(0, MostAllowed + 1).Select(a => BinomialTail.FewestRows(a, risk, delta)).Where((n, a) => a == 0 || n <= rows / PartOfRows).Last();

    private static string Why(int rows, List<CascadeStep> steps, CascadeOptions options)
    {
        if (options.Risk == 0)
            return "A risk of 0 was asked for, which no number of held-out rows can show: everything goes to the teacher.";
        var fewest = FewestRows(options.Risk, options.Confidence);
        if (rows < fewest)
            return string.Create(CultureInfo.InvariantCulture, $"{rows} held-out rows are too few for a risk of {options.Risk} at a confidence of {options.Confidence}: at least {fewest} are needed, none of them wrong. Everything goes to the teacher.");
        return steps.Find(s => s is { IsTested: true, IsSafe: false }) is { } failed
            ? string.Create(CultureInfo.InvariantCulture, $"Already the surest {failed.Accepted} of {rows} rows have {failed.Wrong} wrong answers, a risk of up to {failed.Bound:0.####} where {options.Risk} was asked for: everything goes to the teacher. Ask for a larger risk, or train a better student.")
            : $"No threshold of the grid accepts enough of the {rows} rows to be tested: everything goes to the teacher. Give more held-out rows.";
    }
}
