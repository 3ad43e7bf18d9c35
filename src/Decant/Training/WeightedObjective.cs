using Decant.Signals;

namespace Decant.Training;

/// <summary>An objective and its factor in the total Σ wᵢ·Lᵢ.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Weight">Its factor, at least 0, which may change over the training.</param>
internal sealed record WeightedObjective(IObjective Objective, ScalarSchedule Weight)
{
    /// <summary>The same objectives with weights that sum to 1 at every update: α·soft + (1 − α)·hard.</summary>
    /// <exception cref="DecantException">No weight is above 0.</exception>
    public static IReadOnlyList<WeightedObjective> Convex(IReadOnlyList<WeightedObjective> objectives)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        if (new[] { 0.0, 0.5, 1.0 }.Any(progress => objectives.Sum(o => o.Weight.At(progress)) is not > 0))
            throw new DecantException("The weights of a convex balance sum to 0; give at least one objective a weight above 0, at every update.");
        ScalarSchedule[] all = [.. objectives.Select(o => o.Weight)];
        return [.. objectives.Select(o => o with { Weight = Share.Of(o.Weight, all) })];
    }

    /// <summary>A weight's share of all.</summary>
    private sealed record Share(ScalarSchedule Own, ScalarSchedule[] All) : ScalarSchedule
    {
        public static ScalarSchedule Of(ScalarSchedule own, ScalarSchedule[] all) => all.All(w => w.IsConstant) ? own.At(0) / all.Sum(w => w.At(0)) : new Share(own, all);

        public override double At(double progress) => Own.At(progress) / All.Sum(w => w.At(progress));

        public override string ToString() => Words(At(0), At(1));
    }
}
