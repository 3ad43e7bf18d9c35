using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers.Packing;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>From a teacher's logits to packed answers, and from those to what a student learns from.</summary>
/// <param name="manifest">What is kept.</param>
internal sealed class StoredSignals(AnswerManifest manifest)
{
    private readonly AnswerPacking _packing = new(manifest);

    /// <summary>What a teacher can give whose answers are kept so.</summary>
    /// <param name="offer">What it can give itself.</param>
    public TeacherOffer Offer(TeacherOffer offer) => offer with
    {
        Kinds = manifest switch
        {
            { Kind: AnswerKind.Logits } => offer.Kinds & SignalKinds.DenseLogits,
            { Kind: AnswerKind.TopK, Tail: not TailRule.Drop } => SignalKinds.TopProbabilities,
            _ => SignalKinds.SparseProbabilities,
        },
        Temperature = manifest is { Kind: AnswerKind.Logits } or { Tail: TailRule.Renormalize } ? null : manifest.Temperature,
    };

    /// <summary>A teacher's answer to a batch, packed sample by sample.</summary>
    /// <param name="answer">The answer: logits.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="keys">The key of each sample.</param>
    public List<(AnswerKey Key, ReadOnlyMemory<byte> Payload)> Pack(TeacherSignal answer, Batch batch, AnswerKey[] keys)
    {
        using var scope = TensorScope.Open();
        if (answer.Whole() is not DenseLogits { Logits: var logits })
            throw new InvalidOperationException("Only logits are kept of a local teacher.");
        var values = logits.To(DType.Float32).ToArray<float>();
        var (answers, width, at) = (new List<(AnswerKey, ReadOnlyMemory<byte>)>(batch.Size), values.Length / Math.Max(1, batch.Rows), 0);
        for (var i = 0; i < batch.Size; i++)
        {
            var count = (batch.RowsPerSample?[i] ?? 1) * width;
            answers.Add((keys[i], _packing.Pack(keys[i], new DenseRows(width, values[at..(at + count)]))));
            at += count;
        }

        return answers;
    }

    /// <summary>What packed answers say of a batch, where the batch is.</summary>
    /// <param name="payloads">One for each sample.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="DecantException">A sample has another number of rows than when it was stored.</exception>
    public TeacherSignal Unpack(IReadOnlyList<byte[]> payloads, Batch batch) => manifest.Kind switch
    {
        AnswerKind.TopK => Top(Rows(payloads, batch, payload => _packing.TopK(payload), rows => rows.Length), batch),
        AnswerKind.Sampled => Sparse([.. Rows(payloads, batch, payload => _packing.Drawn(payload), rows => rows.Length).SelectMany(rows => rows).Select(row => (row.Ids, row.Probabilities()))], batch),
        _ => Dense(Rows(payloads, batch, payload => _packing.Dense(payload), rows => rows.Count), batch),
    };

    private static List<T> Rows<T>(IReadOnlyList<byte[]> payloads, Batch batch, Func<byte[], T> unpack, Func<T, int> count)
    {
        var answers = new List<T>(payloads.Count);
        for (var i = 0; i < payloads.Count; i++)
        {
            var (rows, expected) = (unpack(payloads[i]), batch.RowsPerSample?[i] ?? 1);
            if (count(rows) != expected)
                throw new DecantException($"Sample {batch.Ids[i]} had {count(rows)} rows when its teacher was asked about it, and has {expected} now. Use another store where inputs are cut in another way.");
            answers.Add(rows);
        }

        return answers;
    }

    private DenseLogits Dense(List<DenseRows> answers, Batch batch)
    {
        var values = new float[(long)batch.Rows * manifest.Vocabulary];
        var at = 0;
        foreach (var rows in answers)
        {
            rows.Values.CopyTo(values, at);
            at += rows.Values.Length;
        }

        return new(At(batch, Tensor.From(values, batch.Rows, manifest.Vocabulary)));
    }

    private TeacherSignal Top(List<TopRow[]> answers, Batch batch)
    {
        TopRow[] rows = [.. answers.SelectMany(a => a)];
        if (manifest.Tail == TailRule.Drop)
            return Sparse([.. rows.Select(row => (row.Ids, Array.ConvertAll(row.LogProbabilities, MathF.Exp)))], batch);
        var k = manifest.K;
        return new TopLogProbabilities(
            At(batch, Tensor.From(Flat(rows, k, row => Array.ConvertAll(row.Ids, id => (long)id)), batch.Rows, k)),
            At(batch, Tensor.From(Flat(rows, k, row => row.LogProbabilities), batch.Rows, k)),
            manifest.Tail == TailRule.Renormalize ? null : At(batch, Tensor.From(Array.ConvertAll(rows, row => row.LogTail), batch.Rows)),
            manifest.Temperature, manifest.Vocabulary);
    }

    private SparseProbabilities Sparse((int[] Ids, float[] Probabilities)[] rows, Batch batch)
    {
        var most = Math.Max(1, rows.Select(row => row.Ids.Length).DefaultIfEmpty(0).Max());
        return new(
            At(batch, Tensor.From(Flat(rows, most, row => Array.ConvertAll(row.Ids, id => (long)id)), batch.Rows, most)),
            At(batch, Tensor.From(Flat(rows, most, row => row.Probabilities), batch.Rows, most)),
            manifest.Temperature, manifest.Vocabulary);
    }

    // [R · M]; where a row has fewer than M: 0.
    private static T[] Flat<TRow, T>(TRow[] rows, int most, Func<TRow, T[]> numbers)
    {
        var values = new T[rows.Length * most];
        for (var row = 0; row < rows.Length; row++)
            numbers(rows[row]).CopyTo(values, row * most);
        return values;
    }

    private static Tensor At(Batch batch, Tensor values) => values.To(batch.Device, wait: false);
}
