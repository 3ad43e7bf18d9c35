using Decant.Data;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers;

/// <summary>A teacher's logits for every sample of a data set, asked once and kept in memory by the sample's id.</summary>
/// <remarks>
/// Right only where a sample looks the same each time: no augmentation. The samples are asked about in an order of their own, not in the training's, so that the
/// answers, to the last bit, do not depend on where a training begins or goes on. Holds 4·C bytes per sample.
/// </remarks>
public sealed class RememberedAnswers : ITeacher
{
    private readonly RememberedRows _logits;
    private readonly Dictionary<SampleId, Range> _rows;

    private RememberedAnswers(TeacherOffer offer, RememberedRows logits, Dictionary<SampleId, Range> rows) => (Offer, _logits, _rows) = (offer, logits, rows);

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>How many samples have an answer.</summary>
    public int Count => _rows.Count;

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
        var logits = new RememberedRows(samples, teacher.Offer.Outputs);
        try
        {
            var rows = new Dictionary<SampleId, Range>(samples);
            foreach (var lesson in Lessons(teacher, batches.Epoch(0, 0, cancellationToken), cores))
            {
                using (lesson)
                    Write(lesson, teacher, logits, rows);
            }

            return new RememberedAnswers(teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits }, logits, rows);
        }
        catch
        {
            logits.Dispose();
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

        return new DenseLogits(scope.Keep(_logits.All.IndexSelect(0, Tensor.From(rows)).To(batch.Values.Device)));   // [R, C]
    }

    /// <summary>Forgets the answers. The teacher that was asked is its owner's.</summary>
    public void Dispose() => _logits.Dispose();

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

    private static void Write(Lesson lesson, ITeacher teacher, RememberedRows logits, Dictionary<SampleId, Range> rows)
    {
        using var scope = TensorScope.Open();
        if (lesson.AnswerOf(teacher)?.Whole() is not DenseLogits dense)
            throw new InvalidOperationException("Only dense logits can be remembered.");
        var at = logits.Count;
        logits.Add(dense.Logits);
        for (var i = 0; i < lesson.Batch.Size; i++)
        {
            var count = lesson.Batch.RowsPerSample?[i] ?? 1;
            rows[lesson.Batch.Ids[i]] = new Range(at, count); // an id that stands twice has one content, and so one answer
            at += count;
        }
    }

    private readonly record struct Range(long First, int Count);
}
