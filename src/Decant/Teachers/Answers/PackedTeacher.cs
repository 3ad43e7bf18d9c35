using System.Collections.Concurrent;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Teachers.Answers;

/// <summary>A teacher whose answers are packed as for a store, and kept in memory alone: to try a training on a few batches before anything is written.</summary>
/// <param name="teacher">The teacher, which this owns.</param>
/// <param name="manifest">What would be kept.</param>
internal sealed class PackedTeacher(ITeacher teacher, AnswerManifest manifest) : ITeacher
{
    private readonly StoredSignals _signals = new(manifest.Checked());
    private readonly ConcurrentDictionary<AnswerKey, byte[]> _packed = [];

    /// <inheritdoc/>
    public TeacherOffer Offer { get; } = new StoredSignals(manifest).Offer(teacher.Offer);

    /// <inheritdoc/>
    public Device? Device => teacher.Device;

    /// <inheritdoc/>
    public bool IsConcurrent => teacher.IsConcurrent;

    /// <inheritdoc/>
    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var keys = InputKeys.Of(batch);
        if (!Array.TrueForAll(keys, _packed.ContainsKey))
            Ask(batch, keys, cancellationToken);
        return _signals.Unpack(Array.ConvertAll(keys, key => _packed[key]), batch);
    }

    /// <inheritdoc/>
    public void Dispose() => teacher.Dispose();

    private void Ask(Batch batch, AnswerKey[] keys, CancellationToken cancellationToken)
    {
        using var scope = TensorScope.Open();
        foreach (var (key, payload) in _signals.Pack(teacher.Answer(batch, cancellationToken), batch, keys))
            _packed[key] = payload.ToArray();
    }
}
