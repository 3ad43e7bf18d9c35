using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Rollouts;

/// <summary>Reads the prompts of a batch of the data: the tokens before the first one that is predicted, or of running text so many.</summary>
internal static class Prompts
{
    /// <summary>The prompts, of at least one token each.</summary>
    /// <param name="batch">The batch, of token sequences.</param>
    /// <param name="promptTokens">How many tokens of running text are the prompt; null: the data has prompts.</param>
    public static int[][] Of(Batch batch, int? promptTokens)
    {
        using var scope = TensorScope.Open();
        var width = (int)batch.Values.Size(1);
        var ids = batch.Values.To(Device.Cpu).ToArray<long>();
        var mask = batch.AttentionMask?.To(Device.Cpu).ToArray<bool>();
        var segments = batch.Segments?.To(Device.Cpu).ToArray<long>();
        var given = FirstPredicted(batch);
        var prompts = new int[batch.Size][];
        for (var i = 0; i < prompts.Length; i++)
        {
            var length = mask is null ? width : mask.AsSpan(i * width, width).Count(true);
            var end = Math.Min(length, Math.Max(given[i] + 1, promptTokens ?? 0));
            var start = segments is null ? 0 : BeginOfDocument(segments.AsSpan(i * width, end));
            prompts[i] = [.. ids.AsSpan((i * width) + start, end - start).ToArray().Select(id => (int)id)];
        }

        return prompts;
    }

    // The position of each sample's first row; 0 where it has none.
    private static int[] FirstPredicted(Batch batch)
    {
        var positions = batch.Positions?.To(Device.Cpu).ToArray<long>() ?? [];
        var (first, row) = (new int[batch.Size], 0);
        for (var i = 0; i < first.Length; i++)
        {
            var rows = batch.RowsPerSample?[i] ?? 0;
            first[i] = rows > 0 ? (int)(positions[row] - (i * batch.Values.Size(1))) : 0;
            row += rows;
        }

        return first;
    }

    // A document sees nothing of the one before it.
    private static int BeginOfDocument(ReadOnlySpan<long> segments)
    {
        var at = segments.Length - 1;
        while (at > 0 && segments[at - 1] == segments[at])
            at--;
        return at;
    }
}
