namespace Decant.Evaluation;

/// <summary>Classes of like frequency in training: the head, the middle or the tail.</summary>
/// <param name="Name"><c>head</c>, <c>middle</c> or <c>tail</c>.</param>
/// <param name="Classes">The classes, the most frequent first.</param>
/// <param name="Most">The training samples of the most frequent of them.</param>
/// <param name="Fewest">The training samples of the rarest.</param>
internal sealed record ClassGroup(string Name, IReadOnlyList<int> Classes, long Most, long Fewest)
{
    /// <summary>How many times as many training samples the largest class must have as the smallest for groups to be reported.</summary>
    public const double UnequalFrom = 3;

    /// <summary>The name of a group's recall among the metrics: <c>recall-tail</c>.</summary>
    public string Metric => "recall-" + Name;

    /// <summary>
    /// The classes in thirds by their training samples, the most frequent first, equals in their order: head and tail have C ÷ 3 classes, rounded, the middle what is
    /// left. Empty where the classes are not very unequal (<see cref="UnequalFrom"/>), or there is only one; two classes have no middle.
    /// </summary>
    /// <param name="counts">The labelled training samples of each class.</param>
    public static IReadOnlyList<ClassGroup> Of(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count < 2 || counts.Max() < UnequalFrom * counts.Min())
            return [];
        int[] order = [.. Enumerable.Range(0, counts.Count).OrderByDescending(c => counts[c])]; // a stable sort
        var third = (int)Math.Round(order.Length / 3.0, MidpointRounding.AwayFromZero);
        return [.. new[] { ("head", order[..third]), ("middle", order[third..^third]), ("tail", order[^third..]) }
            .Where(group => group.Item2.Length > 0)
            .Select(group => new ClassGroup(group.Item1, group.Item2, counts[group.Item2[0]], counts[group.Item2[^1]]))];
    }

    /// <summary>The mean recall of the group's classes: every class counts alike. Classes that the split lacks are left out; null where it lacks all.</summary>
    /// <param name="predictions">A model's answers.</param>
    public double? RecallOf(Predictions predictions) => Scores(predictions)?.Average();

    /// <summary>
    /// One score per sample [N] of the whole split, with the group's recall as their mean: the recall plus the sample's empirical influence on it,
    /// (right − R_c)·N ÷ (K·n_c) for a sample of one of the K classes and 0 for others. Null where the split lacks the classes.
    /// </summary>
    /// <param name="predictions">A model's answers.</param>
    public double[]? Scores(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var present = ClassScores.Of(ConfusionMatrix.Of(predictions)).Where(c => c.Support > 0 && Classes.Contains(c.Class)).ToDictionary(c => c.Class);
        if (present.Count == 0)
            return null;
        var recall = present.Values.Average(c => c.Recall);
        return [.. Enumerable.Range(0, predictions.Count).Select(i => recall + (!present.TryGetValue(predictions.Labels[i], out var own) ? 0
            : ((predictions.IsCorrect(i) ? 1 : 0) - own.Recall) * predictions.Count / ((double)present.Count * own.Support)))];
    }
}
