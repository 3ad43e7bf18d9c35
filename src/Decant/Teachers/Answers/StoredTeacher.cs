using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>
/// A teacher whose answers are kept in a store: what the store has is read, the rest is asked and appended before it is used. A student learns from what was stored, also the first
/// time, so that a run that is repeated or resumed learns from the same numbers.
/// </summary>
/// <remarks>Right only where a sample looks the same each time: no augmentation. A batch with one sample that is not stored is asked about as a whole, so that the numbers do not depend on what was stored before.</remarks>
/// <param name="teacher">The teacher; it stays its owner's.</param>
/// <param name="store">A store of logits, top-k or sampled answers of this teacher; it stays its owner's.</param>
internal sealed class StoredTeacher(ITeacher teacher, AnswerStore store) : ITeacher
{
    private readonly StoredSignals _signals = new(store.Manifest);
    private long _asked;

    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = new StoredSignals(store.Manifest).Offer(teacher.Offer);

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <summary>The store.</summary>
    public AnswerStore Store => store;

    /// <summary>About how many samples the teacher was asked.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <inheritdoc/>
    /// <exception cref="DecantException">A sample has another number of rows than when it was stored, or the store cannot be written.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var keys = InputKeys.Of(batch);
        if (Read(keys) is { } known)
            return _signals.Unpack(known, batch);
        Ask(batch, keys, cancellationToken);
        return _signals.Unpack(Read(keys) ?? throw new DecantException($"{store.Folder}: answers cannot be read that were written just now. Check the disk, and run 'decant answers verify {store.Folder}'.", ExitCodes.Machine), batch);
    }

    /// <summary>Asks about a batch of which the store lacks a sample; nothing is read.</summary>
    /// <exception cref="DecantException">The store cannot be written.</exception>
    public void Fill(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var keys = InputKeys.Of(batch);
        if (!Array.TrueForAll(keys, store.Contains))
            Ask(batch, keys, cancellationToken);
    }

    /// <summary>Does nothing: teacher and store stay their owners'.</summary>
    public void Dispose()
    {
    }

    private byte[][]? Read(AnswerKey[] keys)
    {
        var payloads = new byte[keys.Length][];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!store.TryRead(keys[i], out var payload))
                return null;
            payloads[i] = payload;
        }

        return payloads;
    }

    private void Ask(Batch batch, AnswerKey[] keys, CancellationToken cancellationToken)
    {
        using var scope = TensorScope.Open();
        store.Append(_signals.Pack(teacher.Answer(batch, cancellationToken), batch, keys));
        Interlocked.Add(ref _asked, batch.Size);
    }
}
