namespace Decant.Evaluation;

/// <summary>Whether a model that says 80 % is right in 80 % of such cases.</summary>
/// <param name="ExpectedError">Σ count_b/N · |accuracy_b − confidence_b| over the bins (Guo et al. 2017, equation 3), from 0 to 1.</param>
/// <param name="Bins">The bins of the reliability diagram, from low confidence to high, the empty ones too.</param>
internal sealed record Calibration(double ExpectedError, IReadOnlyList<CalibrationBin> Bins)
{
    /// <summary>The number of bins that papers report.</summary>
    public const int DefaultBins = 15;

    /// <summary>Groups the samples by the probability of their answer, in equal-width bins ((b−1)/M, b/M].</summary>
    /// <param name="predictions">The answers.</param>
    /// <param name="bins">M, at least 1.</param>
    public static Calibration Of(Predictions predictions, int bins = DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return Of(Answers(predictions), bins);
    }

    /// <summary>Groups cases by a probability, in equal-width bins ((b−1)/M, b/M].</summary>
    /// <param name="cases">The probability of each, and whether it came true.</param>
    /// <param name="bins">M, at least 1.</param>
    public static Calibration Of(IEnumerable<(double Probability, bool IsTrue)> cases, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var (count, right, confidence) = (new int[bins], new int[bins], new double[bins]);
        foreach (var (p, isTrue) in cases)
        {
            var bin = Math.Clamp((int)Math.Ceiling(p * bins) - 1, 0, bins - 1);
            count[bin]++;
            right[bin] += isTrue ? 1 : 0;
            confidence[bin] += p;
        }

        var result = Enumerable.Range(0, bins).Select(b => Bin(b, bins, count[b], right[b], confidence[b])).ToArray();
        return new Calibration(result.Sum(b => b.Count * Math.Abs(b.Accuracy - b.Confidence)) / result.Sum(b => (double)b.Count), result);
    }

    private static IEnumerable<(double Probability, bool IsTrue)> Answers(Predictions predictions)
    {
        var log = new double[predictions.Classes];
        for (var i = 0; i < predictions.Count; i++)
        {
            LogSoftmax.Into(predictions.Row(i), log);
            yield return (Math.Exp(log[predictions.Answers[i]]), predictions.IsCorrect(i));
        }
    }

    private static CalibrationBin Bin(int index, int bins, int count, int right, double confidence) =>
        new((double)index / bins, (index + 1.0) / bins, count, count == 0 ? 0 : confidence / count, count == 0 ? 0 : (double)right / count);
}

/// <summary>The samples with an answer of a probability in (Low, High].</summary>
/// <param name="Low">The lower bound of the confidence, excluded.</param>
/// <param name="High">The upper bound, included.</param>
/// <param name="Count">How many samples.</param>
/// <param name="Confidence">Their mean confidence; 0 when there are none.</param>
/// <param name="Accuracy">The share of them that is right; 0 when there are none.</param>
internal sealed record CalibrationBin(double Low, double High, int Count, double Confidence, double Accuracy);
