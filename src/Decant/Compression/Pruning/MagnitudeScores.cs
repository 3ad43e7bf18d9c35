using Decant.Models.FromTeacher;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>The Euclidean norms of units' weights.</summary>
internal static class MagnitudeScores
{
    /// <summary>Of all units of a model.</summary>
    public static UnitScores Of(Model model, IWeightSums sums)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, weight) in model.NamedParameters())
        {
            using var scope = TensorScope.Open();
            sums.Add(name, weight.To(DType.Float32).Square());
        }

        return sums.ToScores(Math.Sqrt);
    }
}
