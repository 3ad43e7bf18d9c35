using Decant.Data;
using Decant.Data.Duplicates;

namespace Decant.Runs.Jobs.Overlapping;

/// <summary>Finds which rows of a training file are in files that are measured on, nearly so, or share passages with them.</summary>
internal static class OverlapJob
{
    /// <summary>Compares.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">A file cannot be read as texts, or an option is out of its range.</exception>
    public static OverlapResult Run(OverlapRequest request, CancellationToken cancellationToken)
    {
        using var train = GuessedRows.Open(request.Train, request.Text, cancellationToken);
        return new(request.Train, train.Count, [.. request.With.Select(file => Compare(train, file, request, cancellationToken))]);
    }

    private static FileOverlap Compare(Dataset train, string file, OverlapRequest request, CancellationToken cancellationToken)
    {
        using var with = GuessedRows.Open(file, request.Text, cancellationToken);
        var options = request.Options();
        var index = RowTexts.Index([with], options, cancellationToken);
        var found = Found(train, index, cancellationToken);
        var examples = found.OrderBy(f => f.Match.Kind).ThenByDescending(f => f.Match.Share).ThenBy(f => f.Row).Take(request.Examples)
            .Select(f => new OverlapExample(OverlapExample.NameOf(f.Match.Kind), f.Match.Share, train.Where(f.Row), RowTexts.Of(train, f.Row), with.Where(f.Match.Row), RowTexts.Of(with, f.Match.Row)));
        return new(file, with.Count, OverlapCounts.Of(found.Select(f => f.Match.Kind)), OverlapCounts.Of(Tested(train, with, found, options, cancellationToken)), [.. examples]);
    }

    /// <summary>The rows of one file that overlap with an index, in their order.</summary>
    private static (int Row, OverlapMatch Match)[] Found(Dataset rows, OverlapIndex index, CancellationToken cancellationToken) =>
        [.. Enumerable.Range(0, rows.Count).AsParallel().AsOrdered().WithCancellation(cancellationToken)
            .Select(row => (Row: row, Match: index.Find(RowTexts.Of(rows, row)))).Where(f => f.Match is not null).Select(f => (f.Row, f.Match!))];

    /// <summary>The same from the other side, among the few training rows that were found: those that a test row matches, or by which it was found.</summary>
    private static IEnumerable<OverlapKind> Tested(Dataset train, Dataset with, (int Row, OverlapMatch Match)[] found, OverlapOptions options, CancellationToken cancellationToken)
    {
        string[] texts = [.. found.Select(f => RowTexts.Of(train, f.Row))];
        var kinds = found.GroupBy(f => f.Match.Row).ToDictionary(g => g.Key, g => g.Min(f => f.Match.Kind));
        foreach (var (row, match) in Found(with, OverlapIndex.Of(texts, options), cancellationToken))
            kinds[row] = kinds.TryGetValue(row, out var known) && known < match.Kind ? known : match.Kind;
        return kinds.Values;
    }
}
