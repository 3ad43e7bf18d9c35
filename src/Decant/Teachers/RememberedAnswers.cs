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
    private readonly Tensor _logits; // [N, C]
    private readonly Dictionary<SampleId, long> _rows;

    private RememberedAnswers(TeacherOffer offer, Tensor logits, Dictionary<SampleId, long> rows) => (Offer, _logits, _rows) = (offer, logits, rows);

    /// <inheritdoc/>
    public TeacherOffer Offer { get; }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>How many samples have an answer.</summary>
    public int Count => _rows.Count;

    /// <summary>The bytes that the answers to so many samples take.</summary>
    public static long BytesFor(long samples, int classes) => samples * classes * sizeof(float);

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
        var logits = Tensor.Empty([samples, teacher.Offer.ClassNames.Count]);
        try
        {
            var rows = new Dictionary<SampleId, long>(samples);
            var at = 0L;
            foreach (var lesson in Lessons(teacher, batches.Epoch(0, 0, cancellationToken), cores))
            {
                using (lesson)
                    Write(lesson, teacher, logits, at);
                foreach (var id in lesson.Batch.Ids)
                    rows[id] = at++; // an id that stands twice has one content, and so one answer
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
    /// <exception cref="DecantException">A sample was never asked about.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = TensorScope.Open();
        var rows = new long[batch.Size];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!_rows.TryGetValue(batch.Ids[i], out rows[i]))
                throw new DecantException($"The teacher was asked about {Count:N0} samples, and sample {batch.Ids[i]} is none of them; ask it about all samples of the transfer set.");
        }

        return new DenseLogits(scope.Keep(_logits.IndexSelect(0, Tensor.From(rows)).To(batch.Values.Device)));   // [B, C]
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

    private static void Write(Lesson lesson, ITeacher teacher, Tensor logits, long at)
    {
        using var scope = TensorScope.Open();
        if (lesson.AnswerOf(teacher) is not DenseLogits dense)
            throw new InvalidOperationException("Only dense logits can be remembered.");
        logits.Narrow(0, at, lesson.Batch.Size).CopyInPlace(dense.Logits);
    }
}
