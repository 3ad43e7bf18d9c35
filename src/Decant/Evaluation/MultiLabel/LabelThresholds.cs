namespace Decant.Evaluation.MultiLabel;

/// <summary>The probability of each label from which on a sample has it, chosen on validation samples: that with the best F1 of the label.</summary>
internal static class LabelThresholds
{
    /// <summary>Where nothing is known of a label.</summary>
    public const double Standard = 0.5;

    /// <summary>Chooses them.</summary>
    /// <param name="answers">The answers to validation samples.</param>
    /// <param name="without">The labels that no validation sample has, which keep <see cref="Standard"/>.</param>
    public static double[] Choose(MultiLabelAnswers answers, out IReadOnlyList<int> without)
    {
        var found = Enumerable.Range(0, answers.Labels).Select(label => Best(answers, label)).ToArray();
        without = [.. Enumerable.Range(0, found.Length).Where(label => found[label] is null)];
        return [.. found.Select(threshold => threshold ?? Standard)];
    }

    /// <summary>Of equally good ones the one nearest to 0.5; thresholds lie half-way between neighbouring probabilities, so that rounding changes nothing.</summary>
    private static double? Best(MultiLabelAnswers answers, int label)
    {
        var ordered = Enumerable.Range(0, answers.Count).Select(i => (P: answers.Probability(i, label), Has: answers.Has(i, label))).OrderByDescending(a => a.P).ToArray();
        var wanted = ordered.Count(a => a.Has);
        if (wanted == 0)
            return null;
        var (best, threshold, right) = (-1.0, Standard, 0);
        for (var taken = 1; taken <= ordered.Length; taken++)
        {
            right += ordered[taken - 1].Has ? 1 : 0;
            if (taken < ordered.Length && ordered[taken].P == ordered[taken - 1].P)
                continue;
            var f1 = 2.0 * right / (taken + wanted);
            var (above, below) = (ordered[taken - 1].P, taken < ordered.Length ? ordered[taken].P : 0);
            var cut = above >= Standard && below < Standard ? Standard : (above + below) / 2;
            if (f1 > best || (f1 == best && Math.Abs(cut - Standard) < Math.Abs(threshold - Standard)))
                (best, threshold) = (f1, cut);
        }

        return threshold;
    }
}
