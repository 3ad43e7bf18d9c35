using Decant.Data.Labels;

namespace Decant.Data.Splitting;

/// <summary>What the student may see of the training data.</summary>
internal static class StudentData
{
    private const ulong Purpose = 0x6C6162656C73;

    /// <summary>The same samples, of which a seeded, stratified choice of <paramref name="count"/> keeps its labels; the others become unlabelled.</summary>
    /// <remarks>The usual case in practice: few labels, and much text or many pictures for the teacher to answer.</remarks>
    /// <param name="train">The training split.</param>
    /// <param name="count">How many labels remain; at least one per class.</param>
    /// <param name="seed">What chooses them.</param>
    /// <exception cref="DecantException"><paramref name="count"/> is more than there are labels, or less than there are classes.</exception>
    public static Dataset KeepLabels(Dataset train, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (count == train.LabelledCount) return train;
        if (count > train.LabelledCount)
            throw new DecantException($"student-labels: {count:N0} were requested, and the training split has {train.LabelledCount:N0}; ask for at most as many.");
        var strata = Enumerable.Range(0, train.Count).Where(train.IsLabelled).GroupBy(train.StratumOf)
            .OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        if (count < strata.Length) throw new DecantException($"student-labels: {count:N0} labels cannot cover {strata.Length:N0} classes; ask for at least {strata.Length:N0}.");

        var sizes = strata.Select(rows => rows.Length).ToArray();
        var shares = Allotment.Share(count, sizes, sizes, "student-labels");
        var keeps = new bool[train.Count];
        for (var s = 0; s < strata.Length; s++)
        {
            Rng.For((ulong)seed, Purpose, (ulong)s).Shuffle<int>(strata[s]);
            foreach (var row in strata[s].AsSpan(0, shares[s])) keeps[row] = true;
        }

        return train.WithLabelsWhere(i => keeps[i]);
    }

    /// <summary>The samples without those of the named classes; the class list stays as it is, so the student still has an output for them.</summary>
    /// <param name="train">The training split.</param>
    /// <param name="classes">The names of the classes to leave out.</param>
    /// <exception cref="DecantException">A name is not a class, or nothing remains.</exception>
    public static Dataset WithoutClasses(Dataset train, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(classes);
        if (train.LabelKind != LabelKind.Class && classes.Count > 0)
            throw new DecantException($"without-classes: {train.Name} has no classes that a sample belongs to (its labels are {train.LabelKind.ToString().ToLowerInvariant()}); take the key out.");
        var index = ClassList.IndexOf(train.Classes);
        var unknown = classes.FirstOrDefault(name => !index.ContainsKey(name));
        if (unknown is not null) throw new DecantException($"without-classes: '{unknown}' is not one of the {train.Classes.Count} classes ({ClassList.Show(train.Classes)}).");
        var left = classes.Select(name => index[name]).ToHashSet();
        var rest = train.Subset([.. Enumerable.Range(0, train.Count).Where(i => train.LabelOf(i) is not { } label || !left.Contains(label))]);
        return rest.Count > 0 ? rest : throw new DecantException("without-classes: nothing remains of the training split; leave fewer classes out.");
    }
}
