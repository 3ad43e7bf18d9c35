using Decant.Data.Labels;

namespace Decant.Data.Splitting;

/// <summary>Cuts splits from one dataset by seed.</summary>
internal static class SeededSplit
{
    private const ulong Purpose = 0x73706C6974; // keeps this use of a seed apart from others

    /// <summary>The parts in their order (null where none was requested), and last what remains.</summary>
    public static IReadOnlyList<Dataset?> Cut(Dataset data, IReadOnlyList<(string Name, CountOrFraction? Size)> parts, SplitOptions options)
    {
        var sizes = Sizes(data, parts);
        var names = parts.Where(part => part.Size is not null).Select(part => part.Name).Append("training").ToArray();
        var stratified = options.Stratified && data.LabelKind == LabelKind.Class; // tags, numbers and texts have no classes to keep in proportion
        var strata = stratified ? ByClass(data, names) : [("", Enumerable.Range(0, data.Count).Where(data.IsLabelled).ToArray())];
        var counts = strata.Select(stratum => stratum.Rows.Length).ToArray();

        var partOf = new int[data.Count];
        Array.Fill(partOf, parts.Count); // the rest, with all that is unlabelled
        var left = counts.ToArray();
        var cuts = new int[parts.Count][];
        for (var part = 0; part < parts.Count; part++)
        {
            var laterParts = names.Length - 1 - Enumerable.Range(0, part + 1).Count(p => sizes[p] > 0); // parts still to come, and training
            cuts[part] = sizes[part] == 0 ? new int[strata.Length] : stratified
                ? Allotment.Share(sizes[part], counts, [.. left.Select(l => l - laterParts)], parts[part].Name)
                : [sizes[part]];
            for (var s = 0; s < left.Length; s++) left[s] -= cuts[part][s];
        }

        for (var s = 0; s < strata.Length; s++) Assign(data, strata[s].Rows, [.. cuts.Select(cut => cut[s])], partOf, Rng.For((ulong)options.Seed, Purpose, (ulong)s));
        foreach (var part in Enumerable.Range(0, parts.Count).Where(part => sizes[part] > 0 && !partOf.Contains(part)))
            throw new DecantException($"split: the {parts[part].Name} split would be empty: {data.Name} has {Enumerable.Range(0, data.Count).DistinctBy(data.GroupHashOf).Count():N0} different samples, and the same ones stay together. Give more, or a {parts[part].Name} split of its own.");
        return [.. Enumerable.Range(0, parts.Count + 1).Select(part => part < parts.Count && sizes[part] == 0 ? null : Take(data, partOf, part))];
    }

    /// <summary>Puts the rows of one stratum into random order, those of the same content together, and deals them out.</summary>
    private static void Assign(Dataset data, int[] rows, int[] sizes, int[] partOf, Rng rng)
    {
        var groups = rows.GroupBy(data.GroupHashOf).Select(group => group.ToArray()).ToArray();
        rng.Shuffle<int[]>(groups);
        var next = 0;
        for (var part = 0; part < sizes.Length; part++)
        {
            var reserved = 1 + sizes.Skip(part + 1).Count(size => size > 0); // a group of many must not leave the others none
            for (var taken = 0; taken < sizes[part] && next < groups.Length - reserved; next++)
            {
                foreach (var row in groups[next]) partOf[row] = part;
                taken += groups[next].Length;
            }
        }
    }

    private static int[] Sizes(Dataset data, IReadOnlyList<(string Name, CountOrFraction? Size)> parts)
    {
        var labelled = data.LabelledCount;
        if (labelled == 0) throw new DecantException($"{data.Name}: no sample has a label, so no split can be cut from it to measure on; give labelled validation and test splits.");
        var fractions = parts.Sum(part => part.Size?.Share ?? 0);
        if (fractions >= 1) throw new DecantException($"split: the fractions ({Show(parts)}) sum to {fractions:0.###}, which leaves nothing to train on; they must stay below 1.");

        var sizes = parts.Select(part => (int)Math.Min(int.MaxValue, part.Size?.Of(labelled) ?? 0)).ToArray();
        for (var i = 0; i < sizes.Length; i++)
            if (parts[i].Size is { } size && sizes[i] == 0)
                throw new DecantException($"split: the {parts[i].Name} split would be empty: {size} of {(labelled == 1 ? "one labelled sample" : FormattableString.Invariant($"{labelled:N0} labelled samples"))}; ask for more{(labelled == 1 ? ", or give more samples: a plain text is one, unless 'documents' says where to cut it" : "")}.");
        if (sizes.Sum(size => (long)size) >= labelled)
            throw new DecantException($"split: {Show(parts)} take all {labelled:N0} labelled samples of {data.Name} and leave nothing to train on; ask for less.");
        return sizes;
    }

    private static (string Name, int[] Rows)[] ByClass(Dataset data, string[] splits)
    {
        var strata = Enumerable.Range(0, data.Count).Where(data.IsLabelled).GroupBy(data.StratumOf)
            .OrderBy(group => group.Key).Select(group => (Name: data.Classes[group.Key], Rows: group.ToArray())).ToArray();
        var tooSmall = strata.Where(stratum => stratum.Rows.DistinctBy(data.GroupHashOf).Count() < splits.Length).ToArray();
        if (tooSmall.Length == 0) return strata;
        var list = string.Join(", ", tooSmall.Take(5).Select(stratum => $"'{stratum.Name}' has {stratum.Rows.Length}, the first at {data.Where(stratum.Rows[0])}"));
        throw new DecantException($"split: a stratified split needs {splits.Length} different samples of every class, one for each of {string.Join(", ", splits)}; {list}"
            + $"{(tooSmall.Length > 5 ? $", and {tooSmall.Length - 5} classes more have too few" : "")}. Add samples, leave the class out, or say 'stratified: false'.");
    }

    private static Dataset Take(Dataset data, int[] partOf, int part) => data.Subset([.. Enumerable.Range(0, data.Count).Where(i => partOf[i] == part)]);

    private static string Show(IReadOnlyList<(string Name, CountOrFraction? Size)> parts) =>
        string.Join(" and ", parts.Where(part => part.Size is not null).Select(part => FormattableString.Invariant($"{part.Name}: {part.Size}")));
}

/// <summary>Shares a number out in proportion.</summary>
internal static class Allotment
{
    /// <summary>
    /// Whole numbers that sum to <paramref name="total"/>, as near to the proportions of <paramref name="weights"/> as can be (largest remainders),
    /// each at least 1 and at most its limit.
    /// </summary>
    public static int[] Share(int total, int[] weights, int[] limits, string what)
    {
        if (total < weights.Length)
            throw new DecantException($"split: a stratified {what} split of {total:N0} samples cannot hold each of {weights.Length:N0} classes; ask for more, or say 'stratified: false'.");
        double sum = weights.Sum(weight => (long)weight);
        var quotas = weights.Select(weight => weight * (total / sum)).ToArray();
        var shares = quotas.Select((quota, i) => Math.Clamp((int)quota, 1, Math.Max(1, limits[i]))).ToArray();
        for (var missing = total - shares.Sum(); missing != 0;)
        {
            var step = Math.Sign(missing);
            var candidates = Enumerable.Range(0, shares.Length).Where(i => step > 0 ? shares[i] < limits[i] : shares[i] > 1)
                .OrderByDescending(i => step * (quotas[i] - shares[i])).ThenBy(i => i).Take(Math.Abs(missing)).ToArray();
            if (candidates.Length == 0) throw new DecantException($"split: the classes have too few samples for a stratified {what} split of {total:N0}; ask for less, or say 'stratified: false'.");
            foreach (var i in candidates) shares[i] += step;
            missing -= step * candidates.Length;
        }

        return shares;
    }
}
