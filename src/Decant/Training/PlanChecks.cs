using Decant.Signals;

namespace Decant.Training;

/// <summary>What a plan must have before the first step.</summary>
internal static class PlanChecks
{
    public static void Check(TrainingPlan plan)
    {
        if (plan.Objectives.Count == 0)
            throw new DecantException("There is nothing to learn from: give at least one objective.");
        if (plan.Objectives.All(o => o.Weight == 0))
            throw new DecantException("Every objective has weight 0: give at least one a weight above 0.");
        var missing = plan.Objectives.Where(o => o.Objective.Needs != SignalKinds.None && plan.Teacher is null).Select(o => o.Objective.Kind).ToArray();
        if (missing.Length > 0)
            throw new DecantException($"{string.Join(" and ", missing)} learn from a teacher, and there is none.");
        var refused = plan.Objectives.Where(o => plan.Teacher is { } teacher && (o.Objective.Needs & ~teacher.Offer.Kinds) != 0).ToArray();
        if (refused.Length > 0)
            throw new DecantException(string.Join("\n", refused.Select(o =>
                $"{o.Objective.Kind} needs {o.Objective.Needs} of the teacher, which gives {plan.Teacher!.Offer.Kinds} only.")));
        if (plan.Epochs < 1 || plan.Accumulate < 1)
            throw new DecantException($"A training needs at least one epoch and one batch per update; epochs {plan.Epochs} and accumulate {plan.Accumulate} came.");
    }
}
