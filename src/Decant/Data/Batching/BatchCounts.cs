using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>What there is to count in a batch, in managed memory: no device is waited for to learn it.</summary>
/// <remarks>A collator knows them when it makes the tensors. A batch that was made without counts them on its CPU tensors when they are first needed.</remarks>
internal sealed class BatchCounts
{
    private readonly ReadOnlyMemory<bool> _labelled;

    private BatchCounts(long tokens, long firstTokens, IReadOnlyList<long>? lengths, ReadOnlyMemory<bool> labelled) =>
        (Tokens, FirstTokens, Lengths, _labelled) = (tokens, firstTokens, lengths, labelled);

    /// <summary>How many positions hold a token and no padding; 0 where there is no mask.</summary>
    public long Tokens { get; }

    /// <summary>How many sequences begin with a token; 0 where there is no mask.</summary>
    public long FirstTokens { get; }

    /// <summary>The tokens of each sequence [B], where padding stands at the end of them; null where it stands elsewhere, or there is no mask.</summary>
    public IReadOnlyList<long>? Lengths { get; }

    /// <summary>Counts what a collator is about to make tensors of.</summary>
    /// <param name="mask">[B·T], true where there is a token; empty where there is no mask.</param>
    /// <param name="width">T.</param>
    /// <param name="labels">The label of every row [R], <see cref="Batch.NoLabel"/> where there is none.</param>
    public static BatchCounts Of(ReadOnlySpan<bool> mask, int width, ReadOnlySpan<long> labels)
    {
        var labelled = new bool[labels.Length];
        for (var row = 0; row < labelled.Length; row++)
            labelled[row] = labels[row] != Batch.NoLabel;
        return Of(mask, width, labelled);
    }

    /// <summary>Counts what a collator of a regression is about to make tensors of.</summary>
    /// <param name="mask">[B·T], true where there is a token; empty where there is no mask.</param>
    /// <param name="width">T.</param>
    /// <param name="numbers">The wanted numbers of every row [R·C], not a number where there are none; a row has a label where it has one number.</param>
    /// <param name="outputs">C.</param>
    public static BatchCounts Of(ReadOnlySpan<bool> mask, int width, ReadOnlySpan<float> numbers, int outputs)
    {
        var labelled = new bool[outputs == 0 ? 0 : numbers.Length / outputs];
        for (var row = 0; row < labelled.Length; row++)
            foreach (var number in numbers.Slice(row * outputs, outputs))
                labelled[row] |= float.IsFinite(number);
        return Of(mask, width, labelled);
    }

    /// <summary>Whether a row has a label.</summary>
    public bool IsLabelled(int row) => _labelled.Span[row];

    /// <summary>How many of some rows have a label.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public int LabelledRows(int first, int count) => _labelled.Span.Slice(first, count).Count(true);

    /// <summary>The same of some rows; what is counted of sequences stays that of all.</summary>
    internal BatchCounts RowsFrom(int first, int count) => new(Tokens, FirstTokens, Lengths, _labelled.Slice(first, count));

    /// <summary>Counts what tensors hold: on the CPU without a copy, elsewhere the device is waited for.</summary>
    /// <param name="mask">[B, T] bool; null: there is none.</param>
    /// <param name="labels">As <see cref="Batch.Labels"/> says.</param>
    internal static BatchCounts Of(Tensor? mask, Tensor labels)
    {
        using var scope = TensorScope.Open();
        var flags = mask is null ? [] : Elements<bool>(mask);
        var width = mask is null ? 0 : checked((int)mask.Size(1));
        if (labels.DType == DType.Int64)
            return Of(flags, width, Elements<long>(labels));
        var rows = labels.Size(0);
        return Of(flags, width, Elements<float>(labels.To(DType.Float32)), rows == 0 ? 0 : checked((int)(labels.ElementCount / rows)));
    }

    private static ReadOnlySpan<T> Elements<T>(Tensor tensor) where T : unmanaged =>
        tensor.Device.Kind == DeviceKind.Cpu && tensor.IsContiguous ? tensor.AsSpan<T>() : tensor.ToArray<T>();

    private static BatchCounts Of(ReadOnlySpan<bool> mask, int width, bool[] labelled)
    {
        var (tokens, firsts, isAtTheEnd) = (0L, 0L, true);
        var lengths = new long[width == 0 ? 0 : mask.Length / width];
        for (var row = 0; row < lengths.Length; row++)
        {
            var sequence = mask.Slice(row * width, width);
            var count = sequence.Count(true);
            (tokens, firsts, lengths[row]) = (tokens + count, firsts + (sequence[0] ? 1 : 0), count);
            isAtTheEnd &= !sequence[..count].Contains(false);
        }

        return new(tokens, firsts, isAtTheEnd && width > 0 ? lengths : null, labelled);
    }
}
