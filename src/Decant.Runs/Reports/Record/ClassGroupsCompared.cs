namespace Decant.Runs.Reports.Record;

/// <summary>How well frequent and rare classes are recognised, where the training samples of the classes are very unequal in number.</summary>
internal sealed record ClassGroupsCompared : RunEvent
{
    /// <summary>Head, middle and tail: those that there are.</summary>
    public required IReadOnlyList<ClassGroupResult> Groups { get; init; }

    /// <summary>The confidence of the intervals.</summary>
    public double Confidence { get; init; } = 0.95;
}

/// <summary>One group of classes.</summary>
/// <param name="Name"><c>head</c>, <c>middle</c> or <c>tail</c>.</param>
/// <param name="Classes">Its classes by index, the most frequent first.</param>
/// <param name="Most">The training samples of the most frequent of them.</param>
/// <param name="Fewest">The training samples of the rarest.</param>
/// <param name="Recall">The mean recall of its classes by arm, over the seeds, from 0 to 1.</param>
internal sealed record ClassGroupResult(string Name, IReadOnlyList<int> Classes, long Most, long Fewest, IReadOnlyDictionary<string, double> Recall)
{
    /// <summary>Student minus control; null where there is no control.</summary>
    public double? Difference { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end.</summary>
    public double? High { get; init; }

    /// <summary>The same in a sentence; null where there is no control.</summary>
    public string? Sentence { get; init; }
}
