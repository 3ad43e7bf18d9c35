namespace Decant.Data.Batching;

/// <summary>Sequences as a teacher with a context of its own is given them: the rows are those of its student's batches.</summary>
/// <param name="own">Makes the student's batches.</param>
/// <param name="context">What the teacher is given beside.</param>
internal sealed class ContextCollator(ITokenCollator own, TeacherContext context) : ITokenCollator
{
    /// <inheritdoc/>
    public bool HasLengths => true;

    /// <inheritdoc/>
    public Batch Collate(IReadOnlyList<Sample> samples, ulong seed, int epoch)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var batch = own.Collate(samples, seed, epoch);
        return context.Of(batch, i => samples[i].Content);
    }

    /// <inheritdoc/>
    public int TokensOf(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return context.TokensOf(sample.Content, own.TokensOf(sample));
    }

    /// <inheritdoc/>
    public int LeftOut(Sample sample) => own.LeftOut(sample);
}
