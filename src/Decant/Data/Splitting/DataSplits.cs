namespace Decant.Data.Splitting;

/// <summary>Samples that two splits share.</summary>
/// <param name="Earlier">The split that trains or selects: <c>training</c> or <c>validation</c>.</param>
/// <param name="Later">The split that measures: <c>validation</c> or <c>test</c>.</param>
/// <param name="Count">How many samples of the later split are in the earlier one too.</param>
/// <param name="Example">Where the first of them stands in the later split.</param>
/// <param name="Dropped">How many samples were taken out of the earlier split for it.</param>
public sealed record SplitOverlap(string Earlier, string Later, int Count, string Example, int Dropped);

/// <summary>The three parts that a run uses; they share one class list.</summary>
/// <param name="Train">What models learn from.</param>
/// <param name="Validation">What the best epoch is chosen by; null where there is none.</param>
/// <param name="Test">What nothing sees before the end; null where there is none.</param>
/// <param name="Overlaps">Which splits share samples, and how many; for the record.</param>
public sealed record DataSplits(Dataset Train, Dataset? Validation, Dataset? Test, IReadOnlyList<SplitOverlap> Overlaps) : IDisposable
{
    /// <summary>Whether the validation split was cut from the training source.</summary>
    public bool IsValidationCut { get; init; }

    /// <summary>Whether the test split was cut from the training source.</summary>
    public bool IsTestCut { get; init; }

    /// <summary>The names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes => Train.Classes;

    /// <summary>Closes the sources.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
        Test?.Dispose();
    }
}
