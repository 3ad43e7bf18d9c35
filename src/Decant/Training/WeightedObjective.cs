using Decant.Signals;

namespace Decant.Training;

/// <summary>An objective and its factor in the total Σ wᵢ·Lᵢ.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Weight">Its factor, at least 0.</param>
public sealed record WeightedObjective(IObjective Objective, double Weight)
{
    /// <summary>The same objectives with weights that sum to 1: α·soft + (1 − α)·hard.</summary>
    /// <exception cref="DecantException">No weight is above 0.</exception>
    public static IReadOnlyList<WeightedObjective> Convex(IReadOnlyList<WeightedObjective> objectives)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        var total = objectives.Sum(o => o.Weight);
        if (total is not > 0)
            throw new DecantException("The weights of a convex balance sum to 0; give at least one objective a weight above 0.");
        return [.. objectives.Select(o => o with { Weight = o.Weight / total })];
    }
}
