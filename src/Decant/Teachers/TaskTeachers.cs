using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers;

/// <summary>A teacher per task, asked as one: each batch is answered by the teacher of its <see cref="Batch.Task"/>.</summary>
/// <param name="teachers">By task, at least one; they stay their owner's.</param>
internal sealed class TaskTeachers(IReadOnlyDictionary<string, ITeacher> teachers) : ITeacher
{
    /// <summary>What all of them can give; the answers are as wide as all together, though each batch has those of its task.</summary>
    public TeacherOffer Offer { get; } = new(
        teachers.Values.Select(t => t.Offer.Kinds).Aggregate((all, kinds) => all & kinds), [], teachers.Values.First().Offer.TokenizerHash)
    {
        Outputs = teachers.Values.Sum(t => t.Offer.Outputs),
    };

    /// <inheritdoc/>
    public Device? Device { get; } = teachers.Values.Select(t => t.Device).FirstOrDefault(d => d is not null);

    /// <inheritdoc/>
    public bool IsConcurrent => teachers.Values.All(t => t.IsConcurrent);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The batch is of no task, or of one that has no teacher.</exception>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Task is { } task && teachers.TryGetValue(task, out var teacher)
            ? teacher.Answer(batch, cancellationToken)
            : throw new InvalidOperationException($"The batch is of the task '{batch.Task ?? "none"}', and there are teachers for {string.Join(", ", teachers.Keys)}.");
    }

    /// <summary>Nothing: the teachers are their owner's.</summary>
    public void Dispose()
    {
    }
}
