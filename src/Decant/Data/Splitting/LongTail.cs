using Decant.Data.Labels;

namespace Decant.Data.Splitting;

/// <summary>Makes the classes of a training split very unequal, to study what that does.</summary>
internal static class LongTail
{
    private const ulong Purpose = 0x6C6F6E677461696C; // keeps this use of a seed apart from others

    /// <summary>
    /// Of class c = 0 … C − 1 a seeded choice of n_c = n_max·ratio^(−c ÷ (C − 1)) samples, rounded: the first class is <paramref name="ratio"/> times as large as the
    /// last. n_max is as large as it can be with every class having its samples. Unlabelled samples stay.
    /// </summary>
    /// <remarks>The exponential profile of Cao et al. 2019, arXiv:1906.07413, §4. A larger ratio keeps a part of what a smaller one keeps of each class, n_max being the same.</remarks>
    /// <param name="train">The training split, labelled with classes.</param>
    /// <param name="ratio">How many times as large the first class is as the last; above 1.</param>
    /// <param name="seed">What chooses the samples.</param>
    /// <exception cref="DecantException">The labels are no classes, there is only one, one has no sample, or the last would keep none.</exception>
    public static Dataset Cut(Dataset train, double ratio, long seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ratio, 1);
        var keeps = new bool[train.Count];
        var sizes = Sizes(train, ratio);
        var rows = Enumerable.Range(0, train.Count).ToLookup(train.LabelOf);
        foreach (var unlabelled in rows[null]) keeps[unlabelled] = true;
        for (var c = 0; c < sizes.Length; c++)
        {
            var order = rows[c].ToArray();
            Rng.For((ulong)seed, Purpose, (ulong)c).Shuffle<int>(order);
            foreach (var row in order.AsSpan(0, sizes[c])) keeps[row] = true;
        }

        return train.Subset([.. Enumerable.Range(0, train.Count).Where(row => keeps[row])]);
    }

    private static int[] Sizes(Dataset train, double ratio)
    {
        if (train.LabelKind != LabelKind.Class || train.Classes.Count < 2)
            throw new DecantException($"data.imbalance-factor: {train.Name} has {(train.LabelKind == LabelKind.Class ? "a single class" : "labels that are no classes")}; a long tail needs two classes or more. Leave the key out.");
        var counts = train.CountByClass();
        var shares = counts.Select((_, c) => Math.Pow(ratio, -c / (counts.Count - 1.0))).ToArray();
        var most = counts.Zip(shares, (count, share) => count / share).Min();
        var sizes = shares.Select(share => (int)Math.Round(most * share, MidpointRounding.AwayFromZero)).ToArray();
        return sizes[^1] > 0 ? sizes : throw new DecantException(FormattableString.Invariant(
            $"data.imbalance-factor: at {ratio} : 1 the class '{train.Classes[^1]}' would keep none of its {counts[^1]:N0} samples in {train.Name}, for the first has {Math.Floor(most):N0}; say a smaller ratio, or give more samples."));
    }
}
