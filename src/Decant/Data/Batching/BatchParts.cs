using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>Some samples of a batch as a batch of their own.</summary>
internal static class BatchParts
{
    /// <summary>The part; the caller disposes of it.</summary>
    /// <param name="batch">Of samples with one row each, or of sequences with the positions of their rows.</param>
    /// <param name="samples">Which, by their places, ascending.</param>
    /// <returns>The part, and which rows of the batch its rows are.</returns>
    public static (Batch Part, long[] Rows) Of(Batch batch, IReadOnlyList<int> samples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Open();
        long[] rows = batch.RowsPerSample is { } counts ? RowsOf(counts, samples) : [.. samples.Select(i => (long)i)];
        var (of, at) = (Index(samples.Select(i => (long)i), batch.Device), Index(rows, batch.Device));
        var part = new Batch(
            batch.Values.IndexSelect(0, of), batch.Labels.IndexSelect(0, at), batch.LabelledCount == 0 ? 0 : rows.Count(row => batch.Counts.IsLabelled((int)row)), [.. samples.Select(i => batch.Ids[i])],
            batch.AttentionMask?.IndexSelect(0, of), batch.TokenTypes?.IndexSelect(0, of), batch.Positions is null ? null : Positions(batch, samples, rows), batch.Segments?.IndexSelect(0, of))
        {
            View = batch.View,
            RowsPerSample = batch.RowsPerSample is { } all ? [.. samples.Select(i => all[i])] : null,
            Written = batch.Written is { } written ? new(written.By, written.Tokens.IndexSelect(0, at), written.LogProbabilities.IndexSelect(0, at)) : null,
        };
        return (part, rows);
    }

    private static Tensor Index(IEnumerable<long> places, Device device) => Tensor.From([.. places]).To(device);

    private static long[] RowsOf(IReadOnlyList<int> counts, IReadOnlyList<int> samples)
    {
        var firsts = new long[counts.Count];
        for (var i = 1; i < firsts.Length; i++)
            firsts[i] = firsts[i - 1] + counts[i - 1];
        return [.. samples.SelectMany(i => Enumerable.Range(0, counts[i]).Select(row => firsts[i] + row))];
    }

    private static Tensor Positions(Batch batch, IReadOnlyList<int> samples, long[] rows)
    {
        var (all, width, places) = (batch.Positions!.To(Device.Cpu).ToArray<long>(), batch.Values.Size(1), samples.Index().ToDictionary(s => (long)s.Item, s => (long)s.Index));
        return Index(rows.Select(row => (places[all[row] / width] * width) + (all[row] % width)), batch.Device);
    }
}
