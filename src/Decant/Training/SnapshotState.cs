using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Copies what a training's parts are into a snapshot, and back: the only place that knows all of them.</summary>
internal static class SnapshotState
{
    private const string Model = "model.", Optimizer = "optimizer.", Best = "best.", Objective = "objective.", Projection = "trained.", Carried = "carried.";

    public static TrainingSnapshot Capture(TrainingPlan plan, NamedObjective[] objectives, BestWeights best, CarriedState? carried, TrainingPosition position)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Copy(Model, plan.Student.StateDict(), tensors);
        Copy(Optimizer, plan.Optimizer.State, tensors);
        Copy(Best, best.Weights, tensors);
        foreach (var (prefix, objective) in Stateful(objectives))
            Copy(prefix, objective.State, tensors);
        foreach (var (prefix, objective) in Trained(objectives))
            Copy(prefix, objective.Trained.StateDict(), tensors);
        Copy(Carried, carried?.Named ?? [], tensors);
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
        plan.Student.LoadStateDict(Under(Model, from));
        plan.Optimizer.Restore(Under(Optimizer, from));
        best.Dispose();
        best.Set(Under(Best, from));
        foreach (var (prefix, objective) in Stateful(objectives))
            objective.Restore(Under(prefix, from));
        foreach (var (prefix, objective) in Trained(objectives))
            objective.Trained.LoadStateDict(Under(prefix, from));
        carried?.Restore(Under(Carried, from), plan.Teacher);
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
        string[] known = [.. Stateful(objectives).Select(o => o.Prefix), .. Trained(objectives).Select(o => o.Prefix)];
        if (from.Tensors.Keys.FirstOrDefault(k => (k.StartsWith(Objective, StringComparison.Ordinal) || k.StartsWith(Projection, StringComparison.Ordinal)) && !known.Any(p => k.StartsWith(p, StringComparison.Ordinal))) is { } lost)
            throw new DecantException($"The checkpoint has the state '{lost}', and no objective of this training is its own: go on with the objectives that it was written with.");
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
