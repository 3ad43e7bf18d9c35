using Decant.Data.Duplicates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>Which files are compared, and how.</summary>
internal sealed record OverlapRequest
{
    /// <summary>The training file.</summary>
    public required string Train { get; init; }

    /// <summary>Files that are measured on.</summary>
    public required IReadOnlyList<string> With { get; init; }

    /// <summary>The column of the text in all of them; null: guessed.</summary>
    public string? Text { get; init; }

    /// <summary>What counts as overlap.</summary>
    public OverlapOptions Options { get; init; } = new();

    /// <summary>How many examples are shown of each file at most; default: 5.</summary>
    public int Examples { get; init; } = 5;
}

/// <summary>How two files overlap.</summary>
/// <param name="With">The file that is measured on.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Train">How many training rows overlap with it, by the strongest kind of each.</param>
/// <param name="Tested">How many of its own rows overlap with training rows.</param>
/// <param name="Examples">The worst.</param>
internal sealed record FileOverlap(string With, int Rows, IReadOnlyDictionary<OverlapKind, int> Train, IReadOnlyDictionary<OverlapKind, int> Tested, IReadOnlyList<OverlapExample> Examples);

/// <summary>Two rows that overlap.</summary>
/// <param name="Kind">How.</param>
/// <param name="Share">How much, as in <see cref="OverlapMatch"/>.</param>
/// <param name="TrainRow">The training row: file and line.</param>
/// <param name="TrainText">Its text.</param>
/// <param name="WithRow">The other row.</param>
/// <param name="WithText">Its text.</param>
internal sealed record OverlapExample(OverlapKind Kind, double Share, string TrainRow, string TrainText, string WithRow, string WithText);

/// <summary>What was found.</summary>
/// <param name="Train">The training file.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Files">The files, in the order in which they were named.</param>
internal sealed record OverlapResult(string Train, int Rows, IReadOnlyList<FileOverlap> Files)
{
    /// <summary>Whether anything overlaps.</summary>
    public bool HasAny => Files.Any(f => f.Train.Values.Sum() > 0);
}
