using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers.Packing;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>
/// A teacher whose logits are kept in a store: what the store has is read, the rest is asked and appended before it is used. A student learns from what was stored, also the first
/// time, so that a run that is repeated or resumed learns from the same numbers.
/// </summary>
/// <remarks>Right only where a sample looks the same each time: no augmentation. A batch with one sample that is not stored is asked about as a whole, so that the numbers do not depend on what was stored before.</remarks>
/// <param name="teacher">The teacher; it stays its owner's.</param>
/// <param name="store">A store of logits of this teacher; it stays its owner's.</param>
internal sealed class StoredTeacher(ITeacher teacher, AnswerStore store) : ITeacher
{
    private readonly AnswerPacking _packing = new(store.Manifest);
    private long _asked;

    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits };

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <summary>About how many samples the teacher was asked.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <inheritdoc/>
    /// <exception cref="DecantException">A sample has another number of rows than when it was stored, or the store cannot be written.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var keys = InputKeys.Of(batch);
        if (Read(batch, keys) is { } known)
            return Signal(known, batch);
        Ask(batch, keys, cancellationToken);
        return Signal(Read(batch, keys) ?? throw new DecantException($"{store.Folder}: answers cannot be read that were written just now. Check the disk, and run 'decant answers verify {store.Folder}'.", ExitCodes.Machine), batch);
    }

    /// <summary>Does nothing: teacher and store stay their owners'.</summary>
    public void Dispose()
    {
    }

    private static DenseLogits Signal(float[] values, Batch batch) => new(Tensor.From(values, batch.Rows, values.Length / Math.Max(1, batch.Rows)).To(batch.Device, wait: false));

    private float[]? Read(Batch batch, AnswerKey[] keys)
    {
        var width = store.Manifest.Vocabulary;
        var (values, at) = (new float[batch.Rows * width], 0);
        for (var i = 0; i < batch.Size; i++)
        {
            if (!store.TryRead(keys[i], out var payload))
                return null;
            var rows = _packing.Dense(payload);
            var expected = batch.RowsPerSample?[i] ?? 1;
            if (rows.Count != expected)
                throw new DecantException($"{store.Folder}: sample {batch.Ids[i]} had {rows.Count} rows when its teacher was asked about it, and has {expected} now. Use another store where inputs are cut in another way.");
            rows.Values.CopyTo(values, at);
            at += rows.Values.Length;
        }

        return values;
    }

    private void Ask(Batch batch, AnswerKey[] keys, CancellationToken cancellationToken)
    {
        float[] values;
        using (TensorScope.Open())
        {
            var answer = teacher.Answer(batch, cancellationToken).Whole();
            if (answer is not DenseLogits { Logits: var logits })
                throw new InvalidOperationException("Only dense logits are stored of a local teacher.");
            values = logits.To(DType.Float32).ToArray<float>();
        }

        Interlocked.Add(ref _asked, batch.Size);
        var (answers, width, at) = (new List<(AnswerKey, ReadOnlyMemory<byte>)>(batch.Size), values.Length / Math.Max(1, batch.Rows), 0);
        for (var i = 0; i < batch.Size; i++)
        {
            var count = (batch.RowsPerSample?[i] ?? 1) * width;
            answers.Add((keys[i], _packing.Pack(keys[i], new DenseRows(width, values[at..(at + count)]))));
            at += count;
        }

        store.Append(answers);
    }
}
