using Decant.Data.Batching;

namespace Decant.Signals;

/// <summary>A teacher that can give intermediate activations (features) beside its logits.</summary>
public interface IFeatureTeacher : ITeacher
{
    /// <summary>The features that it can give.</summary>
    /// <param name="batch">Any batch, which is tried.</param>
    FeatureMap Features(Batch batch);

    /// <summary>From now on its answers come with these values and no others.</summary>
    /// <param name="paths">The paths; none: logits alone.</param>
    /// <exception cref="DecantException">A path leads nowhere.</exception>
    void RequestFeatures(IReadOnlyList<string> paths);
}
