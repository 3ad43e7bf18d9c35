using Decant.Data.Duplicates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>What was found.</summary>
/// <param name="Train">The training file.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Files">The files, in the order in which they were named.</param>
internal sealed record OverlapResult(string Train, int Rows, IReadOnlyList<FileOverlap> Files)
{
    /// <summary>Whether anything overlaps.</summary>
    public bool HasAny => Files.Any(f => f.Train.Any > 0);
}

/// <summary>How two files overlap.</summary>
/// <param name="With">The file that is measured on.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Train">Training rows that overlap with it.</param>
/// <param name="Tested">Its own rows that overlap with training rows.</param>
/// <param name="Examples">The worst.</param>
internal sealed record FileOverlap(string With, int Rows, OverlapCounts Train, OverlapCounts Tested, IReadOnlyList<OverlapExample> Examples);

/// <summary>How many rows overlap, each counted once by the strongest kind.</summary>
/// <param name="Same">The same.</param>
/// <param name="Near">Near duplicates.</param>
/// <param name="Passage">Those that share a passage.</param>
internal sealed record OverlapCounts(int Same, int Near, int Passage)
{
    /// <summary>All.</summary>
    public int Any => Same + Near + Passage;

    /// <summary>Counts kinds.</summary>
    public static OverlapCounts Of(IEnumerable<OverlapKind> kinds)
    {
        var counts = kinds.CountBy(kind => kind).ToDictionary();
        return new(counts.GetValueOrDefault(OverlapKind.Exact), counts.GetValueOrDefault(OverlapKind.Near), counts.GetValueOrDefault(OverlapKind.Passage));
    }
}

/// <summary>Two rows that overlap.</summary>
/// <param name="Kind"><c>same</c>, <c>near</c> or <c>passage</c>.</param>
/// <param name="Share">How much, as in <see cref="OverlapMatch"/>.</param>
/// <param name="TrainRow">The training row: file and line.</param>
/// <param name="TrainText">Its text.</param>
/// <param name="WithRow">The other row.</param>
/// <param name="WithText">Its text.</param>
internal sealed record OverlapExample(string Kind, double Share, string TrainRow, string TrainText, string WithRow, string WithText)
{
    /// <summary>The name of a kind.</summary>
    public static string NameOf(OverlapKind kind) => kind switch { OverlapKind.Exact => "same", OverlapKind.Near => "near", _ => "passage" };
}
