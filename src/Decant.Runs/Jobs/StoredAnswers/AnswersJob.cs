using System.Globalization;
using Decant.Runs.Reports.View;
using Decant.Teachers.Answers.Storage;

namespace Decant.Runs.Jobs.StoredAnswers;

/// <summary>Looks after stores of teachers' answers: lists, verifies, merges, trims. No model and no libtorch is loaded.</summary>
internal static class AnswersJob
{
    /// <summary>What stores hold, a line for each; read from their indexes.</summary>
    /// <param name="folder">A store, or a folder of stores.</param>
    /// <exception cref="DecantException">There is none, or one cannot be read.</exception>
    public static IReadOnlyList<string> List(string folder) =>
    [
        .. StoreFolders.In(folder).Select(path =>
        {
            using var store = AnswerStore.Open(path);
            return Invariant($"{path}: {store.Count:N0} answers, {Size(store.Bytes)}. {Description(store.Manifest)}");
        }),
    ];

    /// <summary>Reads stores from one end to the other, with all checksums.</summary>
    /// <param name="folder">A store, or a folder of stores.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>A line for each, and whether all are sound.</returns>
    /// <exception cref="DecantException">There is none, or one cannot be read at all.</exception>
    public static (IReadOnlyList<string> Lines, bool AreSound) Verify(string folder, CancellationToken cancellationToken = default)
    {
        var (lines, areSound) = (new List<string>(), true);
        foreach (var path in StoreFolders.In(folder))
        {
            var check = StoreCheck.Run(path, cancellationToken);
            areSound &= check.Damaged == 0;
            lines.Add(Invariant($"{path}: {check.Answers:N0} answers with {check.Rows:N0} {(check.Manifest.Kind == AnswerKind.Texts ? "texts" : "rows")} in {check.Shards:N0} files, {Size(check.Bytes)}. {Findings(check)}"));
        }

        return (lines, areSound);
    }

    /// <summary>Puts the answers of stores into one; see <see cref="StoreMerge"/>.</summary>
    /// <param name="sources">The stores.</param>
    /// <param name="target">The folder of the one.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static string Merge(IReadOnlyList<string> sources, string target, CancellationToken cancellationToken = default)
    {
        var added = StoreMerge.Run(sources, target, cancellationToken);
        using var store = AnswerStore.Open(target);
        return Invariant($"{target}: {added:N0} answers were new; it has {store.Count:N0} now, {Size(store.Bytes)}.");
    }

    /// <summary>Writes a store anew without what is of no use; see <see cref="StoreTrim"/>.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="mostMebibytes">The most that its answers may take; null: all are kept.</param>
    /// <param name="cancellationToken">Stops; the store stays as it was.</param>
    public static string Trim(string folder, int? mostMebibytes = null, CancellationToken cancellationToken = default)
    {
        if (mostMebibytes is < 0)
            throw new DecantException(Invariant($"--most-mib: expected 0 or more, came {mostMebibytes}."));
        var (kept, dropped, before, after) = StoreTrim.Run(folder, (long?)mostMebibytes << 20, cancellationToken);
        return Invariant($"{folder}: {kept:N0} answers kept, {dropped:N0} dropped, {Size(before)} before, {Size(after)} now.");
    }

    private static string Findings(StoreCheck check)
    {
        var found = new List<string>();
        if (check.Damaged > 0)
            found.Add(Invariant($"{check.Damaged:N0} damaged, which will be asked again"));
        if (check.CutOff > 0)
            found.Add(Invariant($"{check.CutOff:N0} bytes of answers that were not written to their end"));
        if (check.Duplicates > 0)
            found.Add(Invariant($"{check.Duplicates:N0} there twice"));
        return (found.Count == 0 ? "Sound." : $"{string.Join("; ", found)}: 'decant answers trim' removes them.") + (check.Error > 0 ? Invariant($" Numbers are off by {check.Error:0.0e+0} at most.") : "");
    }

    private static string Description(AnswerManifest manifest)
    {
        var what = manifest.Kind switch
        {
            AnswerKind.TopK => Invariant($"top-k: {manifest.K} of {manifest.Vocabulary:N0}, tail {$"{manifest.Tail}".ToLowerInvariant()}, temperature {manifest.Temperature}"),
            AnswerKind.Sampled => Invariant($"sampled: {manifest.Draws:N0} draws of {manifest.Vocabulary:N0} by p^{manifest.Exponent}, temperature {manifest.Temperature}"),
            AnswerKind.Texts => "texts",
            var kind => Invariant($"{$"{kind}".ToLowerInvariant()}: {manifest.Vocabulary:N0} numbers in {$"{manifest.Numbers}".ToLowerInvariant()}"),
        };
        return $"{what}; teacher {(manifest.Name.Length > 0 ? manifest.Name + ", " : "")}{(manifest.Teacher.Length > 16 ? manifest.Teacher[..16] + "…" : manifest.Teacher)}.";
    }

    private static string Size(long bytes) => Words.Bytes(bytes).Replace('\u00a0', ' ').Replace('\u202f', ' ');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
