namespace Decant.Data.Splitting;

/// <summary>Makes the splits of a run from its sources.</summary>
public static class Splits
{
    /// <summary>Takes the given splits, and cuts those that <paramref name="options"/> asks for from the training source.</summary>
    /// <remarks>
    /// Samples with the same content and class go into the same split; those with the same content and another class, or none, may not, and what is done about them is
    /// <see cref="SplitOptions.Overlap"/>. Unlabelled samples stay in the training split: nothing can be measured on them.
    /// Every split keeps the order of its source.
    /// </remarks>
    /// <param name="train">The training source; its classes are the classes of all splits. Where it names none, for it has no labels, those of the test split are, or of the validation split.</param>
    /// <param name="validation">The given validation split, if there is one.</param>
    /// <param name="test">The given test split, if there is one.</param>
    /// <param name="options">What to cut; null: nothing.</param>
    /// <exception cref="DecantException">A split would be empty, unlabelled or lack a class, a label is not one of the training data, or a split is both given and asked for.</exception>
    public static DataSplits Make(Dataset train, Dataset? validation = null, Dataset? test = null, SplitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new SplitOptions();
        RefuseTwice("validation", validation, options.Validation);
        RefuseTwice("test", test, options.Test);
        var classes = new[] { train, test, validation }.FirstOrDefault(split => split is { Classes.Count: > 0 })?.Classes ?? [];
        train = train.WithClasses(classes);
        validation = validation is null ? null : Measurable(validation.WithClasses(classes), "validation");
        test = test is null ? null : Measurable(test.WithClasses(classes), "test");

        if (options.Validation is not null || options.Test is not null)
        {
            var parts = SeededSplit.Cut(train, [("test", options.Test), ("validation", options.Validation)], options);
            test ??= parts[0];
            validation ??= parts[1];
            train = parts[2]!;
        }

        return ApplyOverlapPolicy(train, validation, test, options);
    }

    /// <summary>Samples of another source that are learned from beside the training split, kept apart from what measures as the splits were.</summary>
    /// <param name="more">The samples.</param>
    /// <param name="name">What messages call them: <c>transfer</c>.</param>
    /// <param name="splits">The splits.</param>
    /// <param name="policy">What is done about shared samples; null: as <see cref="SplitOptions.Overlap"/> says of null.</param>
    /// <returns>The samples, without shared ones where they are to be dropped, and the overlaps that were found.</returns>
    /// <exception cref="DecantException">Samples are shared and that is refused, or nothing remains.</exception>
    internal static (Dataset Samples, IReadOnlyList<SplitOverlap> Overlaps) Apart(Dataset more, string name, DataSplits splits, OverlapPolicy? policy)
    {
        ArgumentNullException.ThrowIfNull(more);
        ArgumentNullException.ThrowIfNull(splits);
        var overlaps = new List<SplitOverlap>();
        if (splits.Test is not null) more = Separate(more, name, splits.Test, "test", policy ?? Default(splits.IsTestCut), overlaps);
        if (splits.Validation is not null) more = Separate(more, name, splits.Validation, "validation", policy ?? Default(splits.IsValidationCut), overlaps);
        return (more, overlaps);
    }

    private static void RefuseTwice(string name, Dataset? given, CountOrFraction? asked)
    {
        if (given is not null && asked is not null)
            throw new DecantException($"The {name} split is given ({given.Name}) and also asked for in 'split' ({asked}); leave one of the two out.");
    }

    private static Dataset Measurable(Dataset split, string name) => split.LabelledCount > 0 ? split : throw new DecantException(
        $"{split.Name}: the {name} split has no labels, so nothing can be measured on it; give a labelled one, or cut one from the training data with 'split'.");

    private static OverlapPolicy Default(bool isCut) => isCut ? OverlapPolicy.Drop : OverlapPolicy.Report;

    private static DataSplits ApplyOverlapPolicy(Dataset train, Dataset? validation, Dataset? test, SplitOptions options)
    {
        var (ofTest, ofValidation) = (options.Overlap ?? Default(options.Test is not null), options.Overlap ?? Default(options.Validation is not null));
        var overlaps = new List<SplitOverlap>();
        if (test is not null && validation is not null) validation = Separate(validation, "validation", test, "test", ofTest, overlaps);
        if (test is not null) train = Separate(train, "training", test, "test", ofTest, overlaps);
        if (validation is not null) train = Separate(train, "training", validation, "validation", ofValidation, overlaps);
        return new DataSplits(train, validation, test, overlaps) { IsTestCut = options.Test is not null, IsValidationCut = options.Validation is not null };
    }

    private static Dataset Separate(Dataset earlier, string earlierName, Dataset later, string laterName, OverlapPolicy policy, List<SplitOverlap> overlaps)
    {
        var hashes = Enumerable.Range(0, earlier.Count).Select(earlier.GroupHashOf).ToHashSet();
        var shared = Enumerable.Range(0, later.Count).Where(i => hashes.Contains(later.GroupHashOf(i))).ToArray();
        if (shared.Length == 0) return earlier;
        var example = later.Where(shared[0]);
        if (policy == OverlapPolicy.Refuse)
            throw new DecantException($"{shared.Length:N0} of the {later.Count:N0} {laterName} samples are in the {earlierName} split too, the first at {example}; "
                + "take them out, or say 'overlap: drop' or 'overlap: report'.");

        var kept = earlier;
        if (policy == OverlapPolicy.Drop)
        {
            var measured = shared.Select(later.GroupHashOf).ToHashSet();
            kept = earlier.Subset([.. Enumerable.Range(0, earlier.Count).Where(i => !measured.Contains(earlier.GroupHashOf(i)))]);
            if (kept.Count == 0) throw new DecantException($"All {earlier.Count:N0} {earlierName} samples are in the {laterName} split too; give two different sources.");
        }

        overlaps.Add(new SplitOverlap(earlierName, laterName, shared.Length, example, earlier.Count - kept.Count));
        return kept;
    }
}
