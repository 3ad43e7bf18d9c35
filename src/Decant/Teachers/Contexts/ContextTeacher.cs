using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Contexts;

/// <summary>A language model that is given more than its student, a privileged context: it answers the student's rows, in their order, from texts in which the context stands before.</summary>
/// <remarks>Context distillation: Askell et al. 2021, arXiv:2112.00861; Snell et al. 2022, arXiv:2209.15189. Inner values would be of other positions than the student's and are not shown.</remarks>
/// <param name="teacher">The model as a teacher, which this owns.</param>
/// <param name="context">What it is given.</param>
/// <param name="contentOf">The content of a sample by its id; not asked for where the context is the same for all.</param>
internal sealed class ContextTeacher(IChunkedHeadTeacher teacher, TeacherContext context, Func<SampleId, SampleContent> contentOf) : IChunkedHeadTeacher
{
    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = teacher.Offer with { Kinds = teacher.Offer.Kinds & SignalKinds.DenseLogits };

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <inheritdoc/>
    public OutputHead? Head => teacher.Head;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        using var given = Given(batch);
        return teacher.Answer(given, cancellationToken);
    }

    /// <inheritdoc/>
    public ChunkedHeadLogits States(Batch batch, CancellationToken cancellationToken = default)
    {
        using var given = Given(batch);
        return teacher.States(given, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => teacher.Dispose();

    private Batch Given(Batch batch) => context.Of(batch, i => contentOf(batch.Ids[i]));
}
