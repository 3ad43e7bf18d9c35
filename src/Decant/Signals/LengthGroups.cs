using Decant.Data.Batching;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>
/// The states of a batch of texts of very unlike lengths, as those that a model wrote are: a few texts of like lengths at a time, so that less padding is computed. The result is in the order of the
/// batch's rows, and that of the batch as a whole but for rounding.
/// </summary>
internal static class LengthGroups
{
    private const int Groups = 4;
    private const double WorthIt = 0.85;

    /// <summary>[R, H].</summary>
    /// <param name="model">The model.</param>
    /// <param name="batch">The batch, whose input has the same tensors.</param>
    /// <param name="input">Its input to the model.</param>
    public static Tensor States(ChunkedHeadModel model, Batch batch, ModelInput input)
    {
        if (batch.Written is null || input.Segments is not null || input.State is not null || batch.Device.Kind != DeviceKind.Cpu || Plan(batch) is not { } groups)
            return model.States(input);
        using var scope = TensorScope.Open();
        var rows = Rows(batch);
        var states = groups.Select(group => model.States(Of(input, group, rows))).ToArray();
        return scope.Keep(Tensor.Cat(states).IndexSelect(0, Order(groups, rows)));
    }

    /// <summary>Texts of like lengths, or null where the batch has little padding.</summary>
    private static (int[] Texts, int Width)[]? Plan(Batch batch)
    {
        if (batch.Counts.Lengths is not { } lengths || lengths.Count < 2 * Groups || batch.RowsPerSample is null)
            return null;
        int[] byLength = [.. Enumerable.Range(0, lengths.Count).OrderBy(i => lengths[i]).ThenBy(i => i)];
        (int[] Texts, int Width)[] groups = [.. byLength.Chunk((byLength.Length + Groups - 1) / Groups).Select(texts => (texts, (int)lengths[texts[^1]]))];
        return groups.Sum(g => (double)g.Texts.Length * g.Width) < WorthIt * lengths.Count * batch.Values.Size(1) ? groups : null;
    }

    // The first row of each text, and the position in its text that the row stands at.
    private static (int First, long[] Positions)[] Rows(Batch batch)
    {
        var (positions, width, first) = (batch.Positions!.ToArray<long>(), batch.Values.Size(1), 0);
        return [.. batch.RowsPerSample!.Select((count, text) =>
        {
            var own = positions.AsSpan(first, count).ToArray();
            first += count;
            return (first - count, Array.ConvertAll(own, position => position - (text * width)));
        })];
    }

    private static ModelInput Of(ModelInput input, (int[] Texts, int Width) group, (int First, long[] Positions)[] rows)
    {
        var texts = Tensor.From(Array.ConvertAll(group.Texts, text => (long)text));
        return new ModelInput(
            input.Values.IndexSelect(0, texts).Narrow(1, 0, group.Width).Contiguous(),
            input.AttentionMask?.IndexSelect(0, texts).Narrow(1, 0, group.Width).Contiguous(),
            Positions: Tensor.From([.. group.Texts.SelectMany((text, i) => rows[text].Positions.Select(position => (i * group.Width) + position))]))
        {
            Lengths = input.Lengths is { } lengths ? Array.ConvertAll(group.Texts, text => lengths[text]) : null,
        };
    }

    // Where each row of the batch stands in the groups' rows, one group after the other.
    private static Tensor Order((int[] Texts, int Width)[] groups, (int First, long[] Positions)[] rows)
    {
        var (order, next) = (new long[rows.Sum(r => r.Positions.Length)], 0L);
        foreach (var text in groups.SelectMany(g => g.Texts))
        {
            for (var i = 0; i < rows[text].Positions.Length; i++)
                order[rows[text].First + i] = next++;
        }

        return Tensor.From(order);
    }
}
