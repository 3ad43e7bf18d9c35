namespace Decant.Data.Batching;

/// <summary>How a dataset is cut into batches.</summary>
public sealed record BatchOptions
{
    /// <summary>The samples of a batch, B; the last one of an epoch may have fewer. With <see cref="Tokens"/> the most samples; default: any number then.</summary>
    public int Size { get; init; } = int.MaxValue;

    /// <summary>
    /// The most tokens of a batch, padding included: B times the longest of its sequences. Texts of similar length come together, in other company each epoch, and an
    /// epoch always has as many batches. Null: batches are of <see cref="Size"/> samples.
    /// </summary>
    public int? Tokens { get; init; }

    /// <summary>What the order and the augmentation depend on, with the epoch; default: 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether every epoch has an order of its own; default: on. Off: the order of the dataset, for measuring.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether an order that is not shuffled goes from the longest sample to the shortest, over the whole dataset, so that batches have little padding: for asking
    /// a model about every sample once. Samples of equal length stay in the dataset's order, which is kept where samples have no length. Off by default; not with
    /// <see cref="Shuffle"/> or <see cref="Tokens"/>.
    /// </summary>
    public bool LongestFirst { get; init; }

    /// <summary>Whether samples that do not fill a batch are left out of the epoch (others in each); default: off.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Shuffled texts are sorted by length within windows of this many batches, and the batches shuffled again: less padding, little less randomness; default: 50; 0: none.
    /// </summary>
    public int BucketWindow { get; init; } = 50;

    /// <summary>How often each class is drawn in an epoch, which stays as long as it is; null: every sample once. Not with <see cref="Tokens"/>, and only where samples have classes.</summary>
    public ClassSampling? Sampling { get; init; }

    /// <summary>How many augmented views of each sample there are, as <see cref="AugmentOptions.Views"/> says; null: new ones in every epoch, by the seed.</summary>
    public int? Views { get; init; }

    /// <summary>How many batches a background thread makes ahead; default: 4; 0: none, and no thread.</summary>
    public int Prefetch { get; init; } = 4;
}
