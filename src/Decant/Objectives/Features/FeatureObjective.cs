using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>An objective that compares inner values of both models, pair by pair; what all such kinds have in common.</summary>
/// <remarks>Its count is known before anything is computed. It reads no logits, so that those of a large vocabulary may be made in parts beside it.</remarks>
internal abstract class FeatureObjective : IFeatureObjective, ITrainedObjective, IDisposable
{
    private readonly FeatureWeights _weights = new();

    private protected FeatureObjective(string kind) => Kind = kind;

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.Features;

    /// <inheritdoc/>
    public bool ReadsLogits => false;

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> StudentFeatures { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> TeacherFeatures { get; }

    /// <summary>Projections and shares of mixtures; nothing where none are needed.</summary>
    public Module Trained => _weights;

    private protected FeatureWeights Weights => _weights;

    /// <inheritdoc/>
    public abstract long Count(Batch batch);

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(batch);
        var count = Count(batch);
        if (count == 0)
            return LossSum.Nothing();
        var features = teacher?.Features ?? throw new InvalidOperationException($"{Kind} needs inner values of a teacher, and there was no answer. Compare IObjective.Needs with ITeacher.Offer first.");
        using var scope = TensorScope.Open();
        return new(scope.Keep(Sum(path => Find(student.Features, path, "student"), path => Find(features, path, "teacher").Detach(), batch)), count);
    }

    /// <summary>Releases the weights, and all other tensors that it keeps.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Release() => _weights.Dispose();

    /// <summary>The sum over what counts, in float32.</summary>
    /// <param name="student">The student's value at a path, part of the graph.</param>
    /// <param name="teacher">The teacher's, detached.</param>
    /// <param name="batch">The batch, of which something counts.</param>
    private protected abstract Tensor Sum(Func<string, Tensor> student, Func<string, Tensor> teacher, Batch batch);

    /// <summary>Finds layers, and names the objective that asked where something is missing.</summary>
    private protected static T Found<T>(string kind, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (DecantException error)
        {
            throw new DecantException($"{kind}: {error.Message}", error.ExitCode, error);
        }
    }

    private Tensor Find(IReadOnlyDictionary<string, Tensor> features, string path, string owner) => features.TryGetValue(path, out var value)
        ? value.To(DType.Float32)
        : throw new InvalidOperationException($"{Kind} reads '{path}' of the {owner}, which was not shown: record {nameof(StudentFeatures)} and ask the teacher to show {nameof(TeacherFeatures)}.");
}
