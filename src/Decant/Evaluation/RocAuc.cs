namespace Decant.Evaluation;

/// <summary>The probability that a sample of a class is ranked above a sample without it; a tie counts half.</summary>
/// <param name="Value">From 0 to 1, ½ for guessing; null when no class has both samples with and without it.</param>
/// <param name="PerClass">One value per class against the rest; null where the split has no such pair.</param>
/// <param name="SkippedClasses">The classes left out of <paramref name="Value"/> because every sample, or none, has them.</param>
/// <remarks>
/// Two classes: class 1 against class 0, ranked by z₁ − z₀. More: one against the rest, ranked by log p_c in float32, plain mean over the classes that
/// can be ranked. Computed by midranks (Mann–Whitney): AUC = (Σ ranks of positives − P(P+1)/2) ÷ (P·Q), in O(N log N) per class.
/// </remarks>
internal sealed record RocAuc(double? Value, IReadOnlyList<double?> PerClass, IReadOnlyList<int> SkippedClasses)
{
    /// <summary>Ranks the samples by each class's score.</summary>
    public static RocAuc Of(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var (n, classes) = (predictions.Count, predictions.Classes);
        var scores = Scores(predictions);
        var order = new int[n];
        var perClass = new double?[classes];
        for (var c = 0; c < classes; c++)
            perClass[c] = OneAgainstRest(predictions.Labels, c, scores[c], order);
        var known = perClass.OfType<double>().ToArray();
        int[] skipped = [.. Enumerable.Range(0, classes).Where(c => perClass[c] is null)];
        return new RocAuc(known.Length == 0 ? null : known.Average(), perClass, skipped);
    }

    private static double[][] Scores(Predictions predictions)
    {
        var scores = Enumerable.Range(0, predictions.Classes).Select(_ => new double[predictions.Count]).ToArray();
        var log = new double[predictions.Classes];
        for (var i = 0; i < predictions.Count; i++)
        {
            // With two classes the difference of logits keeps apart what probabilities near 1 would merge, and makes both classes' AUC equal.
            if (predictions.Classes == 2)
                (log[0], log[1]) = (Difference(predictions.Row(i)), -Difference(predictions.Row(i)));
            else
                LogSoftmax.Into(predictions.Row(i), log);
            // Rounded to the logits' own precision: the last bits of a double depend on the order of the sum and would break true ties.
            for (var c = 0; c < log.Length; c++)
                scores[c][i] = predictions.Classes == 2 ? log[c] : (float)log[c];
        }
        return scores;
    }

    private static double Difference(ReadOnlySpan<float> row) => (double)row[0] - row[1];

    private static double? OneAgainstRest(int[] labels, int positive, double[] scores, int[] order)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort((double[])scores.Clone(), order);
        double rankSum = 0;
        long positives = 0;
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && scores[order[end]] == scores[order[start]])
                end++;
            var midrank = (start + 1 + end) / 2.0;
            for (; start < end; start++)
                if (labels[order[start]] == positive)
                {
                    rankSum += midrank;
                    positives++;
                }
        }
        var negatives = order.Length - positives;
        return positives == 0 || negatives == 0 ? null : (rankSum - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }
}
