using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>
/// The keys of what a teacher is given, sample by sample: the sample's id, for a teacher may read its content with a tokenizer of its own, and the numbers of the batch: tokens without padding, with
/// types and segments, or pixels. However texts are cut and tokenized, and images normalised, is so in the key.
/// </summary>
internal static class InputKeys
{
    /// <summary>The key of each sample of a batch.</summary>
    /// <param name="batch">The batch; it stays its owner's.</param>
    public static AnswerKey[] Of(Batch batch)
    {
        using var scope = TensorScope.Open();
        var parts = new List<byte[]> { BytesOf(batch.Values) };
        foreach (var tensor in new[] { batch.TokenTypes, batch.Segments }.OfType<Tensor>())
            parts.Add(BytesOf(tensor));
        var mask = batch.AttentionMask is { } attention ? BytesOf(attention) : null;
        var keys = new AnswerKey[batch.Size];
        var input = new List<byte>();
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        for (var (i, first) = (0, 0); i < keys.Length; i++)
        {
            var rows = batch.RowsPerSample?[i] ?? 1;
            var inputs = batch.Inputs == batch.Size ? 1 : rows; // a pair of texts with a vector each is two
            input.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(number, batch.Ids[i].Value);
            input.AddRange(number);
            BinaryPrimitives.WriteInt32LittleEndian(number, rows);
            input.AddRange(number);
            foreach (var part in parts)
                Add(input, Slice(part, first, inputs, batch.Inputs), mask is null ? [] : Slice(mask, first, inputs, batch.Inputs));
            first += inputs;
            keys[i] = AnswerKey.Of([], CollectionsMarshal.AsSpan(input));
        }

        return keys;
    }

    /// <summary>The keys of what a model is given, row by row, whatever the samples are: tokens without padding, with types.</summary>
    /// <param name="input">[B, T] tokens; it stays its owner's.</param>
    public static AnswerKey[] OfRows(ModelInput input)
    {
        using var scope = TensorScope.Open();
        var (values, types) = (BytesOf(input.Values), input.TokenTypes is { } some ? BytesOf(some) : null);
        var mask = input.AttentionMask is { } attention ? BytesOf(attention) : null;
        var (rows, row) = ((int)input.Values.Size(0), new List<byte>());
        var keys = new AnswerKey[rows];
        for (var i = 0; i < rows; i++)
        {
            row.Clear();
            foreach (var part in new[] { values, types }.OfType<byte[]>())
                Add(row, Slice(part, i, 1, rows), mask is null ? [] : Slice(mask, i, 1, rows));
            keys[i] = AnswerKey.Of([], CollectionsMarshal.AsSpan(row));
        }

        return keys;
    }

    // Of each number that the mask has, all bytes; without a mask, all numbers.
    private static void Add(List<byte> input, ReadOnlySpan<byte> values, ReadOnlySpan<byte> mask)
    {
        if (mask.IsEmpty)
        {
            input.AddRange(values);
            return;
        }

        var size = values.Length / mask.Length;
        for (var at = 0; at < mask.Length; at++)
        {
            if (mask[at] != 0)
                input.AddRange(values.Slice(at * size, size));
        }
    }

    private static ReadOnlySpan<byte> Slice(byte[] all, int first, int count, int of) => all.AsSpan(all.Length / of * first, all.Length / of * count);

    private static byte[] BytesOf(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => [.. tensor.ToArray<bool>().Select(value => value ? (byte)1 : (byte)0)],
        DType.Int64 => MemoryMarshal.AsBytes<long>(tensor.ToArray<long>()).ToArray(),
        _ => MemoryMarshal.AsBytes<float>(tensor.To(DType.Float32).ToArray<float>()).ToArray(),
    };
}
