using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>
/// A teacher's answers for every sample of a data set, asked once and kept in memory by the sample's id, and by the view where samples are augmented: logits and the inner values that it was showing, or the states
/// that its head makes logits of.
/// </summary>
/// <remarks>
/// Right only where a sample, or a view of it, looks the same each time. The samples run in an order of their own, not in the training's, so that the
/// answers, to the last bit, do not depend on where a training begins or is resumed. Holds 4·C bytes per row, or 4·H for states, and 4 for each inner value. Inner values are those of a sample,
/// [B, …] for a batch, of one shape for all samples: images, not texts.
/// </remarks>
internal sealed class CachedTeacherOutputs : ITeacher
{
    private readonly CachedRows _values; // logits, or states
    private readonly OutputHead? _head;      // of the states; the teacher's
    private readonly Dictionary<string, CachedRows> _features = new(StringComparer.Ordinal);
    private readonly Dictionary<(SampleId Id, int View), Range> _rows;

    private CachedTeacherOutputs(ITeacher teacher, long rows, OutputHead? head)
    {
        Offer = teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits };
        _values = new CachedRows(rows, head is { Weight: var weight } ? weight.Size(1) : teacher.Offer.Outputs);
        _head = head;
        _rows = [];
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <summary>That of the head where the states of one are kept; else the answers go to where the batch is.</summary>
    public Device? Device => _head?.Weight.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>How many samples have an answer, or views of them.</summary>
    public int Count => _rows.Count;

    /// <summary>The bytes that all of them take.</summary>
    public long Bytes => _values.Bytes + _features.Values.Sum(f => f.Bytes);

    /// <summary>The bytes that a number of rows of answers take.</summary>
    /// <param name="rows">R.</param>
    /// <param name="numbers">C, or H of states.</param>
    public static long BytesFor(long rows, long numbers) => checked(rows * numbers * sizeof(float));

    /// <summary>Runs a teacher on every sample of an epoch.</summary>
    /// <param name="teacher">The teacher; it gives dense logits, and is not needed afterwards.</param>
    /// <param name="batches">Its first epoch has every sample, in any order.</param>
    /// <param name="rows">How many rows their answers have, or more: a row is a sample, or a position of a sequence.</param>
    /// <param name="cores">How many ask at the same time; null: one.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static CachedTeacherOutputs Ask(ITeacher teacher, IBatchSource batches, long rows, ThreadAllocation? cores = null, CancellationToken cancellationToken = default) =>
        Ask(teacher, batches, rows, null, cores, cancellationToken);

    /// <summary>Computes a teacher's hidden states of every sample of an epoch; the logits are computed from them in every batch, by the teacher's head.</summary>
    /// <param name="teacher">The teacher; it has a head, and outlives the answers.</param>
    /// <param name="batches">Its first epoch has every sample, in any order.</param>
    /// <param name="rows">How many rows their answers have, or more.</param>
    /// <param name="cores">How many ask at the same time; null: one.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The teacher has no head.</exception>
    public static CachedTeacherOutputs AskStates(IChunkedHeadTeacher teacher, IBatchSource batches, long rows, ThreadAllocation? cores = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        var head = teacher.Head ?? throw new ArgumentException("The teacher has no head apart from its states; ask for its logits.", nameof(teacher));
        using var states = new StatesAlone(teacher);
        return Ask(states, batches, rows, head, cores, cancellationToken);
    }

    private static CachedTeacherOutputs Ask(ITeacher teacher, IBatchSource batches, long rows, OutputHead? head, ThreadAllocation? cores, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(batches);
        using var suspended = TensorScope.Suspend();
        var answers = new CachedTeacherOutputs(teacher, rows, head);
        try
        {
            var placed = batches.Enumerate(0, 0, cancellationToken).Select(batch => batch.MoveTo(teacher.Device ?? batch.Device));
            foreach (var taught in TaughtBatches(teacher, placed, cores))
            {
                using (taught)
                    answers.Write(taught, teacher, rows);
            }

            return answers;
        }
        catch
        {
            answers.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DecantException">A sample is not in the cache, or has another number of rows than it had.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Open();
        var rows = new long[batch.Rows];
        var at = 0;
        for (var i = 0; i < batch.Size; i++)
        {
            if (!_rows.TryGetValue((batch.Ids[i], batch.View), out var known))
                throw new DecantException($"The teacher was asked about {Count:N0} samples, and sample {batch.Ids[i]}{(batch.View > 0 ? $" in view {batch.View + 1}" : "")} is none of them; ask it about all samples of the transfer set.");
            var count = batch.RowsPerSample?[i] ?? 1;
            if (count != known.Count)
                throw new DecantException($"Sample {batch.Ids[i]} had {known.Count} rows when its teacher was asked about it, and has {count} now; ask a live teacher where what is asked changes.");
            for (var row = 0; row < count; row++)
                rows[at++] = known.First + row;
        }

        var (numbers, device) = (Tensor.From(rows), batch.Values.Device);
        var values = _values.Select(numbers, device);                         // [R, C] or [R, H]
        using var noGrad = Autograd.NoGrad();
        var answer = _head is { } head ? IChunkedHeadTeacher.AnswerOf(values, head) : new DenseLogits(values);
        foreach (var tensor in answer.Tensors)
            scope.Keep(tensor);
        return answer with
        {
            Features = _features.ToDictionary(f => f.Key, f => scope.Keep(f.Value.Select(numbers, device)), StringComparer.Ordinal),
        };
    }

    /// <summary>Releases the answers. The teacher stays its owner's.</summary>
    public void Dispose()
    {
        _values.Dispose();
        foreach (var rows in _features.Values)
            rows.Dispose();
    }

    private static IEnumerable<TaughtBatch> TaughtBatches(ITeacher teacher, IEnumerable<Batch> batches, ThreadAllocation? cores)
    {
        using var taken = cores?.Take();
        if (cores is not { IsOverlapped: true })
        {
            foreach (var batch in batches)
                yield return new TaughtBatch(batch);
            yield break;
        }

        using var prefetcher = new TeacherPrefetcher(batches, teacher, cores);
        while (prefetcher.Next() is { } taught)
            yield return taught;
    }

    private void Write(TaughtBatch taught, ITeacher teacher, long samples)
    {
        using var scope = TensorScope.Open();
        var answer = taught.AnswerOf(teacher);
        var answered = _head is null ? (answer?.Whole() as DenseLogits)?.Logits : (answer as ChunkedHeadLogits)?.States;
        if (answered is null)
            throw new InvalidOperationException($"Only {(_head is null ? "dense logits" : "the states before a head")} can be remembered.");
        var at = _values.Count;
        _values.Add(answered);
        foreach (var (path, values) in answer!.Features)
        {
            if (values.Size(0) != answered.Size(0))
                throw new InvalidOperationException($"'{path}' has {values.Size(0)} rows for {answered.Size(0)} rows of the answer; it cannot be remembered by sample.");
            if (!_features.TryGetValue(path, out var rows))
                _features[path] = rows = new CachedRows(samples, [.. values.Shape.Skip(1)]);
            rows.Add(values);
        }

        for (var i = 0; i < taught.Batch.Size; i++)
        {
            var count = taught.Batch.RowsPerSample?[i] ?? 1;
            _rows[(taught.Batch.Ids[i], taught.Batch.View)] = new Range(at, count); // an id that occurs twice has one content, and so one answer
            at += count;
        }
    }

    private readonly record struct Range(long First, int Count);

    /// <summary>A teacher that answers with its states, however small the logits would be.</summary>
    private sealed class StatesAlone(IChunkedHeadTeacher teacher) : ITeacher
    {
        public TeacherOffer Offer => teacher.Offer;

        public Device? Device => teacher.Device;

        public bool IsConcurrent => teacher.IsConcurrent;

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => teacher.States(batch, cancellationToken);

        public void Dispose()
        {
        }
    }
}
