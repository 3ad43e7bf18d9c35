using Decant.Modules;
using Decant.Torch;

namespace Decant.Objectives.Features;

/// <summary>The weights that an objective on inner values has of its own: a projection for a pair, and the shares of a mixture of the teacher's layers.</summary>
internal sealed class FeatureWeights : ModuleTree
{
    private readonly Dictionary<int, FeatureProjection> _projections = [];
    private readonly Dictionary<int, Tensor> _mixtures = [];

    /// <summary>Projects the student's value of a pair.</summary>
    /// <param name="pair">Its number.</param>
    /// <param name="projection">The projection; null: the value stays.</param>
    public void Project(int pair, FeatureProjection? projection)
    {
        if (projection is not null)
            _projections[pair] = Place($"projections.{pair}", projection);
    }

    /// <summary>Mixes the teacher's values of a pair, evenly at first.</summary>
    /// <param name="pair">Its number.</param>
    /// <param name="count">How many there are; of one nothing is learned.</param>
    public void Mix(int pair, int count)
    {
        if (count > 1)
            _mixtures[pair] = PlaceParameter($"mixtures.{pair}", Tensor.Zeros([count]));
    }

    /// <summary>The student's value as wide as the teacher's.</summary>
    public Tensor Projected(int pair, Tensor student) => _projections.TryGetValue(pair, out var projection) ? projection.Forward(student) : student;

    /// <summary>log of the shares [N] of the teacher's values, which sum to 1; null: there is one value.</summary>
    public Tensor? LogShares(int pair) => _mixtures.TryGetValue(pair, out var mixture) ? mixture.LogSoftmax(0) : null;

    /// <summary>Σ share · value, in the shape of one.</summary>
    public Tensor Mixed(int pair, IReadOnlyList<Tensor> teacher)
    {
        if (LogShares(pair) is not { } shares)
            return teacher[0];
        var all = Tensor.Stack([.. teacher.Select(t => t.Reshape(-1))]); // [N, elements]
        return shares.Exp().Unsqueeze(0).MatMul(all).View([.. teacher[0].Shape]);
    }
}
