using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>What a plan must have before the first step: all faults at once.</summary>
internal static class PlanChecks
{
    public static void Check(TrainingPlan plan)
    {
        var faults = Numbers(plan).Concat(Objectives(plan)).Concat(Teacher(plan)).Concat(Validation(plan)).Concat(Parameters(plan)).ToArray();
        if (faults.Length > 0)
            throw new DecantException(string.Join("\n", faults));
    }

    private static IEnumerable<string> Numbers(TrainingPlan plan)
    {
        if (plan.Epochs < 1 || plan.Accumulate < 1)
            yield return $"A training needs at least one epoch and one batch per update; epochs {plan.Epochs} and accumulate {plan.Accumulate} came.";
        if (plan is { LearningRate: null, Optimizer.LearningRate: null })
            yield return $"There is no learning rate: the optimizer ({plan.Optimizer.Kind}) has none of its own, so give the plan one.";
        else if (!double.IsFinite(plan.PeakLearningRate) || plan.PeakLearningRate <= 0)
            yield return $"The learning rate must be above 0; {plan.PeakLearningRate} came.";
        if (plan.Schedule is { IsSpanned: true, DependsOnLength: true } schedule && plan is { Epochs: > 0, Accumulate: > 0 } && schedule.TotalSteps != Math.Max(1, plan.Updates))
        {
            yield return $"The schedule was made for {schedule.TotalSteps:N0} updates, and the plan has {plan.Updates:N0} ({plan.Epochs:N0} epochs of {plan.Batches.BatchesPerEpoch:N0} batches, "
                + $"{plan.Accumulate:N0} to an update{(plan.Steps is { } steps ? $", at most {steps:N0} updates" : "")}): it would end at another point of the training. Make it without a length, as in new CosineSchedule(new CosineDecay()).";
        }
        if (plan.ClipNorm is { } clip && clip is not > 0)
            yield return $"The norm that gradients are clipped to must be above 0; {clip} came. Leave it out for no limit.";
        if (plan.Precision is not (DType.Float32 or DType.BFloat16))
            yield return $"A training computes in float32 or bfloat16; {plan.Precision} came. Float16 would need its gradients scaled.";
        if (!double.IsFinite(plan.L1) || plan.L1 < 0)
            yield return $"L1 must be at least 0; {plan.L1} came.";
        if (!plan.RecomputesLayers)
            yield break;
        if (!plan.Student.NamedModules().Any(m => m.Value is MultiHeadAttention))
            yield return $"gradient-checkpointing is for encoders and decoders, and a model of kind '{plan.Student.Kind}' has no such layers: leave it out.";
        if (plan.Objectives.FirstOrDefault(o => o.Objective is IFeatureObjective reader && reader.StudentFeatures.Any(path => IsInLayer(plan.Student.Layers, path))) is { Objective: { } reads })
            yield return $"gradient-checkpointing keeps nothing of the student's layers, and '{reads.Kind}' reads it: leave one of them out.";
    }

    private static bool IsInLayer(ModelLayers layers, string path) => layers.Outputs.Any(layer => path == layer || path.StartsWith(layer + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Objectives(TrainingPlan plan)
    {
        if (plan.Objectives.Count == 0)
            yield return "There is nothing to learn from: give at least one objective.";
        else if (plan.Objectives.All(o => o.Weight.Largest == 0))
            yield return "Every objective has weight 0: give at least one a weight above 0.";
        foreach (var (objective, weight) in plan.Objectives.Where(o => !IsWeight(o.Weight.At(0)) || !IsWeight(o.Weight.At(1))))
            yield return $"{objective.Kind}: a weight is at least 0; {weight} came.";
    }

    private static bool IsWeight(double number) => double.IsFinite(number) && number >= 0;

    private static IEnumerable<string> Teacher(TrainingPlan plan)
    {
        var learners = plan.Objectives.Select(o => o.Objective).Where(o => o.Needs != SignalKinds.None).ToArray();
        if (learners.Length == 0)
            yield break;
        if (plan.Teacher is not { Offer: var offer })
        {
            yield return $"{string.Join(" and ", learners.Select(o => o.Kind))} learn from a teacher, and there is none.";
            yield break;
        }

        if (plan.Teacher.Device is { } teachers && plan.Student.Device is var students && !teachers.Matches(students))
            yield return $"The teacher is on {teachers}, the student on {students}: a batch is on one device. Move one of the models with To(Device) before the training.";
        foreach (var (objective, why) in learners.Select(o => (o, o.WhyNot(offer))).Where(o => o.Item2 is not null))
            yield return $"{objective.Kind} {why}.";
        if (learners.All(o => (o.Needs & SignalKinds.DenseLogits) == 0 || !o.NeedsEqualOutputs))
            yield break;
        if (offer.Outputs != plan.Student.Classes && offer.ClassNames.Count == 0)
            yield return $"The teacher has {offer.Outputs} outputs, the student {plan.Student.Classes}: both need the same tokenizer, or the same number of outputs.";
        else if (offer.Outputs != plan.Student.Classes)
            yield return $"The teacher knows {offer.ClassNames.Count} classes ({string.Join(", ", offer.ClassNames.Take(5))} …), the student {plan.Student.Classes}: both must have the same.";
    }

    private static IEnumerable<string> Validation(TrainingPlan plan)
    {
        if (plan.Validate is null && plan.Schedule.NeedsValidation)
            yield return "The schedule waits for validation scores, and there is no validation: give one or choose another schedule.";
        if (plan.Validate is null && plan.Patience is not null)
            yield return "Early stopping waits for validation scores, and there is no validation: give one or leave patience out.";
        if (plan.Patience is < 1)
            yield return $"Patience is at least one validation; {plan.Patience} came.";
        if (plan.ValidateEvery is < 1)
            yield return $"There is at least one update between two validations; {plan.ValidateEvery} came.";
    }

    private static IEnumerable<string> Parameters(TrainingPlan plan)
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (name, parameter) in plan.Optimizer.Groups.SelectMany(g => g.Names.Zip(g.Parameters)))
        {
            if (!seen.Add(parameter))
                yield return $"The optimizer has '{name}' twice: it would be updated twice.";
            if (!parameter.RequiresGrad)
                yield return $"The optimizer has '{name}', which is frozen: it is a teacher's, or gradients were switched off after the groups were made.";
        }

        if (seen.Count == 0)
            yield return "The optimizer has no parameters: there is nothing to train.";
    }
}
