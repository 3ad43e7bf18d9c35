using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Training;

/// <summary>An objective of one task of several: it counts the batches of its task, and nothing of the others, so that each mean is over its own task's samples.</summary>
internal sealed class TaskObjective : IAdaptiveObjective, IDisposable
{
    private readonly string _task;
    private readonly IObjective _objective;

    private TaskObjective(string task, IObjective objective) => (_task, _objective) = (task, objective);

    /// <summary>The task and the kind, such as <c>questions/soft-targets</c>.</summary>
    public string Kind => $"{_task}/{_objective.Kind}";

    public SignalKinds Needs => _objective.Needs;

    public bool IsRowwise => _objective.IsRowwise;

    public bool ReadsLogits => _objective.ReadsLogits;

    string? IObjective.WhyNot(TeacherOffer offer) => _objective.WhyNot(offer);

    public IReadOnlyDictionary<string, double> Settings => (_objective as IAdaptiveObjective)?.Settings ?? new Dictionary<string, double>();

    public void Begin(double progress) => (_objective as IAdaptiveObjective)?.Begin(progress);

    /// <summary>Binds an objective to a task; one with a state from update to update keeps it.</summary>
    /// <param name="task">As <see cref="Batch.Task"/> says it.</param>
    /// <param name="objective">Taken over: it is disposed with what is given back, if it can be.</param>
    /// <exception cref="DecantException">It compares inner values or has weights of its own, which a student of several tasks has no place for.</exception>
    public static IObjective Of(string task, IObjective objective)
    {
        if (objective is IFeatureObjective)
            throw new DecantException($"'{objective.Kind}' compares inner values of both models, which a student of several tasks does not show; use objectives of logits, such as soft-targets.");
        if (objective is ITrainedObjective { Trained: var trained } && trained.NamedParameters().Any())
            throw new DecantException($"{objective.Kind} of the task '{task}' has weights of its own, which one task of several cannot have; give it a temperature that is not learned.");
        var bound = new TaskObjective(task, objective);
        return objective is IStatefulObjective stateful ? new Remembering(bound, stateful) : bound;
    }

    public long Count(Batch batch) => batch.Task == _task ? _objective.Count(batch) : 0;

    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) =>
        batch.Task == _task ? _objective.Compute(student, teacher, batch) : LossSum.Nothing();

    public void Dispose() => (_objective as IDisposable)?.Dispose();

    private sealed class Remembering(TaskObjective bound, IStatefulObjective objective) : IStatefulObjective, IAdaptiveObjective, IDisposable
    {
        public string Kind => bound.Kind;

        public SignalKinds Needs => bound.Needs;

        public bool IsRowwise => bound.IsRowwise;

        public bool ReadsLogits => bound.ReadsLogits;

        string? IObjective.WhyNot(TeacherOffer offer) => ((IObjective)bound).WhyNot(offer);

        public IReadOnlyDictionary<string, Tensor> State => objective.State;

        public IReadOnlyDictionary<string, double> Settings => bound.Settings;

        public void Begin(double progress) => bound.Begin(progress);

        public long Count(Batch batch) => bound.Count(batch);

        public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch) => bound.Compute(student, teacher, batch);

        public void Restore(IReadOnlyDictionary<string, Tensor> state) => objective.Restore(state);

        public void Dispose() => bound.Dispose();
    }
}
