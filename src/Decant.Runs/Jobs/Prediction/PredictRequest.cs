namespace Decant.Runs.Jobs.Prediction;

/// <summary>How lines are read and answered.</summary>
public sealed record PredictRequest
{
    /// <summary>Whether a line is a JSON object with <c>text</c>, <c>text</c> and <c>pair</c>, or <c>words</c>; false: it is the text itself.</summary>
    public bool AreJson { get; init; }

    /// <summary>Lines that are answered together; 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Batches of lines that are read before the first is answered, so that texts of like length are answered together, and that are held in memory; answers come in the
    /// lines' order. 1 by default: lines are answered as they come in.
    /// </summary>
    public int ReadAhead { get; init; } = 1;

    /// <summary>How many of the most probable classes or tokens are reported; null: all classes, five tokens.</summary>
    public int? Top { get; init; }
}

/// <summary>What became of the lines.</summary>
/// <param name="Lines">How many there were.</param>
/// <param name="Faulty">How many of them have an <c>error</c> instead of a prediction.</param>
/// <param name="Truncated">How many were cut to what the model reads.</param>
/// <param name="FirstFault">The first error with its line; null: there was none.</param>
public sealed record PredictSummary(long Lines, long Faulty, long Truncated, string? FirstFault)
{
    /// <summary>What was passed over, such as files in a folder that are no pictures.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
