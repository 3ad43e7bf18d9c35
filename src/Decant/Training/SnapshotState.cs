using Decant.Modules;
using Decant.Signals;
using Decant.Torch;
using Decant.Training.Checkpoints;

namespace Decant.Training;

/// <summary>Copies what a training's parts are into a snapshot, and back: the only place that knows all of them.</summary>
internal static class SnapshotState
{
    private const string Model = "model.", Optimizer = "optimizer.", Best = "best.", Objective = "objective.", Projection = "trained.", Carried = "carried.", Mask = "mask.", Rollouts = "rollouts.", Following = "following.";

    public static TrainingSnapshot Capture(TrainingPlan plan, NamedObjective[] objectives, BestWeights best, CarriedState? carried, TrainingPosition position)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Copy(Model, plan.Student.LearnedState(), tensors);
        Copy(Optimizer, plan.Optimizer.State, tensors);
        Copy(Best, best.Weights, tensors);
        foreach (var (prefix, objective) in Stateful(objectives))
            Copy(prefix, objective.State, tensors);
        foreach (var (prefix, objective) in Trained(objectives))
            Copy(prefix, objective.Trained.StateDict(), tensors);
        Copy(Carried, carried?.Named ?? [], tensors);
        Copy(Mask, plan.Masks?.State ?? new Dictionary<string, Tensor>(), tensors);
        foreach (var (name, tensor) in plan.Rollouts?.State ?? new Dictionary<string, Tensor>())
            tensors[Rollouts + name] = tensor;
        Copy(Following, plan.Following?.State ?? new Dictionary<string, Tensor>(), tensors);
        var device = DeviceOf(plan);
        return new TrainingSnapshot(tensors, position with
        {
            OptimizerKind = plan.Optimizer.Kind,
            ScheduleKind = plan.Schedule.GetType().Name,
            Schedule = plan.Schedule.SaveState(),
            Generator = GeneratorOf(Device.Cpu),
            Device = device.ToString(),
            DeviceGenerator = device.Kind == DeviceKind.Cpu ? [] : GeneratorOf(device),
        });
    }

    public static void Restore(TrainingSnapshot from, TrainingPlan plan, NamedObjective[] objectives, BestWeights best, CarriedState? carried)
    {
        Check(from, plan, objectives);
        try
        {
            Put(from, plan, objectives, best, carried);
        }
        catch (TorchException error)
        {
            throw new DecantException($"The checkpoint does not fit this training: {error.Message} Take one that this training wrote.", inner: error);
        }
    }

    private static void Put(TrainingSnapshot from, TrainingPlan plan, NamedObjective[] objectives, BestWeights best, CarriedState? carried)
    {
        plan.Student.LoadLearnedState(Under(Model, from));
        plan.Optimizer.Restore(Under(Optimizer, from));
        best.Dispose();
        best.Set(Under(Best, from));
        foreach (var (prefix, objective) in Stateful(objectives))
            objective.Restore(Under(prefix, from));
        foreach (var (prefix, objective) in Trained(objectives))
            objective.Trained.LoadStateDict(Under(prefix, from));
        carried?.Restore(Under(Carried, from), plan.Teacher);
        plan.Masks?.Restore(Under(Mask, from));
        plan.Rollouts?.Restore(Under(Rollouts, from));
        plan.Following?.Restore(Under(Following, from));
        plan.Schedule.RestoreState(from.Position.Schedule);
        SetGenerator(Device.Cpu, from.Position.Generator);
        if (from.Position.DeviceGenerator.Length > 0)
            SetGenerator(DeviceOf(plan), from.Position.DeviceGenerator);
    }

    private static void Check(TrainingSnapshot from, TrainingPlan plan, NamedObjective[] objectives)
    {
        Same("optimizer", from.Position.OptimizerKind, plan.Optimizer.Kind);
        Same("schedule", from.Position.ScheduleKind, plan.Schedule.GetType().Name);
        Same("device", from.Position.Device, DeviceOf(plan).ToString());
        RequirePosition(from.Position);
        if (plan.Masks is null && Under(Mask, from).Count > 0)
            throw new DecantException("The checkpoint was written with pruning, and this training has none: go on with the pruning that it was written with.");
        if (plan.Rollouts is null && Under(Rollouts, from).Count > 0)
            throw new DecantException("The checkpoint was written while models wrote texts, and in this training they do not: go on with the rollouts that it was written with.");
        if ((plan.Following is { State.Count: > 0 }) != Under(Following, from).Count > 0)
            throw new DecantException("The checkpoint and this training differ in whether the teacher is an average of its student ('teacher.follow'): go on with what it was written with.");
        var weights = plan.Student.LearnedState();
        RequireTypes(Model, weights, from);
        if (Under(Best, from) is { Count: > 0 } kept && StateFaults.Between(weights, kept, new HashSet<Tensor>()) is { Count: > 0 } faults)
            throw new DecantException($"The checkpoint's best weights are of another model:\n  {string.Join("\n  ", faults)}\nTake one that this training wrote.");
        RequireTypes(Best, weights, from);
        string[] known = [.. Stateful(objectives).Select(o => o.Prefix), .. Trained(objectives).Select(o => o.Prefix)];
        if (from.Tensors.Keys.FirstOrDefault(k => (k.StartsWith(Objective, StringComparison.Ordinal) || k.StartsWith(Projection, StringComparison.Ordinal)) && !known.Any(p => k.StartsWith(p, StringComparison.Ordinal))) is { } lost)
            throw new DecantException($"The checkpoint has the state '{lost}', and no objective of this training is its own: go on with the objectives that it was written with.");
    }

    private static void RequirePosition(TrainingPosition position)
    {
        foreach (var (name, value) in new[] { ("epoch", position.Epoch), ("batch", position.Batch), ("step", position.Step), ("best_step", position.BestStep), ("validated", position.Validated), ("waited", position.Waited) })
            if (value < 0)
                throw new DecantException($"The checkpoint says that the training stands at {name} {value}; expected a number from 0 on. Take one that this training wrote.");
        if (position.Seconds is not (>= 0 and <= RunClock.MostSeconds))
            throw new DecantException($"The checkpoint says that the training took {position.Seconds} seconds; expected a number from 0 on. Take one that this training wrote.");
    }

    private static void RequireTypes(string prefix, IReadOnlyDictionary<string, Tensor> own, TrainingSnapshot from)
    {
        foreach (var (name, tensor) in own)
            if (from.Tensors.TryGetValue(prefix + name, out var saved) && saved.DType != tensor.DType)
                throw new DecantException($"The checkpoint's '{prefix}{name}' is {saved}, and the student's is {tensor}: it is of another model. Take one that this training wrote.");
    }

    private static void Same(string what, string saved, string here)
    {
        if (saved != here)
            throw new DecantException($"The checkpoint was written with the {what} '{saved}', and this training has '{here}': go on with the {what} that it was written with.");
    }

    private static Device DeviceOf(TrainingPlan plan) => plan.Student.NamedParameters().Select(p => p.Value.Device).FirstOrDefault(Device.Cpu);

    private static IEnumerable<(string Prefix, IStatefulObjective Objective)> Stateful(NamedObjective[] objectives) =>
        objectives.Where(o => o.Objective is IStatefulObjective).Select(o => ($"{Objective}{o.Name}.", (IStatefulObjective)o.Objective));

    private static IEnumerable<(string Prefix, ITrainedObjective Objective)> Trained(NamedObjective[] objectives) =>
        objectives.Where(o => o.Objective is ITrainedObjective).Select(o => ($"{Projection}{o.Name}.", (ITrainedObjective)o.Objective));

    private static void Copy(string prefix, IEnumerable<KeyValuePair<string, Tensor>> from, Dictionary<string, Tensor> to)
    {
        foreach (var (name, tensor) in from)
            to[prefix + name] = tensor.Clone();
    }

    private static Dictionary<string, Tensor> Under(string prefix, TrainingSnapshot snapshot) => snapshot.Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);

    private static byte[] GeneratorOf(Device device)
    {
        using var generator = Generator.Default(device);
        return generator.GetState();
    }

    private static void SetGenerator(Device device, byte[] state)
    {
        using var generator = Generator.Default(device);
        generator.SetState(state);
    }
}
