using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>
/// A teacher with cached features: they are computed once for every sample when features are requested, and kept until others are. Those that would take more
/// memory than allowed are computed live, each time.
/// </summary>
/// <param name="teacher">The teacher; it stays its owner's.</param>
/// <param name="batches">Its first epoch has every sample, in any order; samples look the same each time and are of one shape.</param>
/// <param name="samples">How many samples that is, or more.</param>
/// <param name="mostBytes">What logits and inner values may take together.</param>
/// <param name="ask">Computes the teacher's outputs with these features for all samples; null: computed here, and released with this.</param>
internal sealed class CachedFeatures(
    IFeatureTeacher teacher, IBatchSource batches, int samples, long mostBytes, Func<IReadOnlyList<string>, CachedTeacherOutputs>? ask = null) : IFeatureTeacher
{
    private CachedTeacherOutputs? _answers;

    /// <inheritdoc/>
    public TeacherOffer Offer => teacher.Offer;

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => _answers is not null || teacher.IsConcurrent;

    /// <summary>Whether answers come from memory now.</summary>
    public bool IsRemembering => _answers is not null;

    /// <inheritdoc/>
    public FeatureMap Features(Batch batch) => teacher.Features(batch);

    /// <inheritdoc/>
    public void RequestFeatures(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Dispose();
        teacher.RequestFeatures(paths);
        if (paths.Count == 0 || !Fit(paths))
            return;
        _answers = ask is null ? CachedTeacherOutputs.Ask(teacher, batches, samples) : ask(paths);
        teacher.RequestFeatures([]);
    }

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default) => (_answers ?? (ITeacher)teacher).Answer(batch, cancellationToken);

    /// <summary>Releases the cache. The teacher stays its owner's, and so do outputs that <c>ask</c> gave.</summary>
    public void Dispose()
    {
        if (ask is null)
            _answers?.Dispose();
        _answers = null;
    }

    private bool Fit(IReadOnlyList<string> paths)
    {
        using var first = batches.Enumerate(0).First();
        var map = teacher.Features(first);
        var numbers = (long)teacher.Offer.Outputs;
        foreach (var path in paths)
        {
            var shape = map.ShapeOf(path);
            if (shape.Count == 0 || shape[0] != first.Size)
                return false;
            numbers += shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        }

        return numbers * samples * sizeof(float) <= mostBytes;
    }
}
