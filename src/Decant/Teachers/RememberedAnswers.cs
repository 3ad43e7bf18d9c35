using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers;

/// <summary>A teacher's answers for every sample of a data set, asked once and kept in memory by the sample's id: logits, and the inner values that it was showing.</summary>
/// <remarks>
/// Right only where a sample looks the same each time: no augmentation. The samples are asked about in an order of their own, not in the training's, so that the
/// answers, to the last bit, do not depend on where a training begins or goes on. Holds 4·C bytes per row, and 4 for each inner value. Inner values are those of a sample,
/// [B, …] for a batch, of one shape for all samples: images, not texts.
/// </remarks>
public sealed class RememberedAnswers : ITeacher
{
    private readonly RememberedRows _logits;
    private readonly Dictionary<string, RememberedRows> _features = new(StringComparer.Ordinal);
    private readonly Dictionary<SampleId, Range> _rows;

    private RememberedAnswers(ITeacher teacher, int samples)
    {
        Offer = teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits };
        _logits = new RememberedRows(samples, teacher.Offer.Outputs);
        _rows = new Dictionary<SampleId, Range>(samples);
    }

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>How many samples have an answer.</summary>
    public int Count => _rows.Count;

    /// <summary>The bytes that all of them take.</summary>
    public long Bytes => _logits.Bytes + _features.Values.Sum(f => f.Bytes);

    /// <summary>The bytes that so many rows of answers take.</summary>
    public static long BytesFor(long rows, int classes) => rows * classes * sizeof(float);

    /// <summary>Asks a teacher about every sample of an epoch.</summary>
    /// <param name="teacher">Who is asked; it gives dense logits, and is not needed afterwards.</param>
    /// <param name="batches">Its first epoch has every sample, in any order.</param>
    /// <param name="samples">How many samples that is, or more.</param>
    /// <param name="cores">How many ask at the same time; null: one.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static RememberedAnswers Ask(ITeacher teacher, IBatchSource batches, int samples, CoreSplit? cores = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(batches);
        using var suspended = TensorScope.Suspend();
        var answers = new RememberedAnswers(teacher, samples);
        try
        {
            foreach (var lesson in Lessons(teacher, batches.Epoch(0, 0, cancellationToken), cores))
            {
                using (lesson)
                    answers.Write(lesson, teacher, samples);
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
    /// <exception cref="DecantException">A sample was never asked about, or has another number of rows than it had.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Open();
        var rows = new long[batch.Rows];
        var at = 0;
        for (var i = 0; i < batch.Size; i++)
        {
            if (!_rows.TryGetValue(batch.Ids[i], out var known))
                throw new DecantException($"The teacher was asked about {Count:N0} samples, and sample {batch.Ids[i]} is none of them; ask it about all samples of the transfer set.");
            var count = batch.RowsPerSample?[i] ?? 1;
            if (count != known.Count)
                throw new DecantException($"Sample {batch.Ids[i]} had {known.Count} rows when its teacher was asked about it, and has {count} now; ask a live teacher where what is asked changes.");
            for (var row = 0; row < count; row++)
                rows[at++] = known.First + row;
        }

        var (numbers, device) = (Tensor.From(rows), batch.Values.Device);
        return new DenseLogits(scope.Keep(_logits.Select(numbers, device)))   // [R, C]
        {
            Features = _features.ToDictionary(f => f.Key, f => scope.Keep(f.Value.Select(numbers, device)), StringComparer.Ordinal),
        };
    }

    /// <summary>Forgets the answers. The teacher that was asked is its owner's.</summary>
    public void Dispose()
    {
        _logits.Dispose();
        foreach (var rows in _features.Values)
            rows.Dispose();
    }

    private static IEnumerable<Lesson> Lessons(ITeacher teacher, IEnumerable<Batch> batches, CoreSplit? cores)
    {
        using var taken = cores?.Take();
        if (cores is not { IsOverlapped: true })
        {
            foreach (var batch in batches)
                yield return new Lesson(batch);
            yield break;
        }

        using var lessons = new Lessons(batches, teacher, cores);
        while (lessons.Take() is { } lesson)
            yield return lesson;
    }

    private void Write(Lesson lesson, ITeacher teacher, int samples)
    {
        using var scope = TensorScope.Open();
        if (lesson.AnswerOf(teacher)?.Whole() is not DenseLogits dense)
            throw new InvalidOperationException("Only dense logits can be remembered.");
        var at = _logits.Count;
        _logits.Add(dense.Logits);
        foreach (var (path, values) in dense.Features)
        {
            if (values.Size(0) != dense.Logits.Size(0))
                throw new InvalidOperationException($"'{path}' has {values.Size(0)} rows for {dense.Logits.Size(0)} rows of logits; it cannot be remembered by sample.");
            if (!_features.TryGetValue(path, out var rows))
                _features[path] = rows = new RememberedRows(samples, [.. values.Shape.Skip(1)]);
            rows.Add(values);
        }

        for (var i = 0; i < lesson.Batch.Size; i++)
        {
            var count = lesson.Batch.RowsPerSample?[i] ?? 1;
            _rows[lesson.Batch.Ids[i]] = new Range(at, count); // an id that stands twice has one content, and so one answer
            at += count;
        }
    }

    private readonly record struct Range(long First, int Count);
}
