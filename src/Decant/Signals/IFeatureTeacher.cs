using Decant.Data.Batching;

namespace Decant.Signals;

/// <summary>A teacher that can show what it works out on its way to the answer.</summary>
public interface IFeatureTeacher : ITeacher
{
    /// <summary>What it can show.</summary>
    /// <param name="batch">Any batch, which is tried.</param>
    FeatureMap Features(Batch batch);

    /// <summary>From now on its answers come with these values and no others.</summary>
    /// <param name="paths">The paths; none: logits alone.</param>
    /// <exception cref="DecantException">A path leads nowhere.</exception>
    void RequestFeatures(IReadOnlyList<string> paths);
}
