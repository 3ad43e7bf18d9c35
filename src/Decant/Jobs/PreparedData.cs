using Decant.Data;
using Decant.Models;
using Decant.Recipes;
using Decant.Text;

namespace Decant.Jobs;

/// <summary>The samples of a run, split, and how they become batches.</summary>
internal sealed class PreparedData(DataSplits splits, Dataset student, ITokenizer? tokenizer, Func<AugmentOptions?, ICollator> collators, ModelContext context, Recipe recipe) : IDisposable
{
    public IReadOnlyList<string> Classes => splits.Classes;

    /// <summary>The training split with all labels: what the teacher learns from.</summary>
    public Dataset Train => splits.Train;

    public Dataset? Validation => splits.Validation;

    public Dataset Test => splits.Test!;

    public IReadOnlyList<SplitOverlap> Overlaps => splits.Overlaps;

    /// <summary>The transfer set: what the student sees, with the labels that it may see.</summary>
    public Dataset Student => student;

    /// <summary>The part of the transfer set that has labels: what the control learns from.</summary>
    public Dataset StudentLabelled { get; } = student.LabelledCount == student.Count
        ? student
        : student.Subset([.. Enumerable.Range(0, student.Count).Where(student.IsLabelled)]);

    public ITokenizer? Tokenizer => tokenizer;

    /// <summary>Without augmentation.</summary>
    public ICollator Collator { get; } = collators(null);

    public ModelContext Context => context;

    /// <summary>The shape of one sample as a model gets it: [T] at most, [C, H, W] or [D].</summary>
    public IReadOnlyList<long> SampleShape => tokenizer is null ? context.SampleShape : [context.MaxTokens];

    /// <summary>Shuffled batches for training.</summary>
    public IBatchSource Batches(Dataset samples, FitSection fit, ulong seed)
    {
        var augment = fit.Augment is { } a
            ? new AugmentOptions { Shift = a.Shift, CropPadding = a.CropPadding, Flip = a.Flip, TokenDropout = a.TokenDropout }
            : null;
        var options = new BatchOptions { Size = fit.Batch, Seed = seed };
        return new BatchSource(samples, augment is null ? Collator : collators(augment), fit.BucketByLength == false ? options with { BucketWindow = 0 } : options);
    }

    /// <summary>The labelled samples of a split once, in a fixed order.</summary>
    public IBatchSource Once(Dataset split)
    {
        var labelled = split.LabelledCount == split.Count ? split : split.Subset([.. Enumerable.Range(0, split.Count).Where(split.IsLabelled)]);
        return new BatchSource(labelled, Collator, new BatchOptions { Size = recipe.Evaluate.Batch, Shuffle = false });
    }

    /// <summary>All samples once, labelled or not, those of like length together; the same order each time.</summary>
    public IBatchSource All(Dataset samples) => new BatchSource(samples, Collator, new BatchOptions { Size = recipe.Distill.Batch });

    public void Dispose() => splits.Dispose();
}
