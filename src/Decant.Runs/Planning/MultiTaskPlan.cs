using Decant.Data.Batching;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Models.MultiTask;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Log;
using Decant.Signals;
using Decant.Teachers;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>
/// What training a joint arm takes: batches of one task each, every objective bound to its task, every batch answered by its task's teacher. The loop is the one
/// that trains everything else; an objective's sum is divided by what it counted, so a task's share of an update does not depend on the others.
/// </summary>
internal sealed class MultiTaskPlan : IArmPlan
{
    private readonly MultiTaskArm _arm;
    private readonly MultiTaskScore _score;

    public MultiTaskPlan(Catalog catalog, MultiTaskArm arm)
    {
        _arm = arm;
        _score = new MultiTaskScore([.. arm.Tasks.Select(t => ArmPlan.MetricOf(arm.Fit, t.Task.Data))]);
        var model = (MultiTaskModel)arm.Model;
        model.RequireGrad(true);
        var taught = arm.Tasks.Where(t => t.Teacher is not null).ToDictionary(t => t.Name, t => t.Teacher!);
        Plan = ArmPlan.Fitted(catalog, arm, [.. arm.Tasks.SelectMany(t => Objectives(catalog, t, arm.Fit))], Batches()) with
        {
            Teacher = taught.Count == 0 ? null : new TaskTeachers(taught),
            Validate = arm.Tasks.Any(t => t.Task.Data.Validation is null) ? null : token => Scores(model, token),
            ValidateEvery = ValidationTimes.Every(arm.Fit, arm.Budget, arm.Tasks.Sum(t => t.Task.Data.Validation?.LabelledCount ?? 0)),
            BestBy = new Selection(_score.Name, _score.LowerIsBetter),
        };
    }

    public TrainingPlan Plan { get; }

    /// <summary>Where long validations are shown; null: nowhere.</summary>
    public RunLog? Log { get; init; }

    public string MetricName => _score.Name;

    public string Words => ArmPlan.WordsOf(Plan);

    public void Dispose() => ArmPlan.Release(Plan);

    /// <summary>The objectives of a task, bound to it.</summary>
    /// <exception cref="DecantException">One of them needs features that a student of several tasks does not give.</exception>
    public static IEnumerable<WeightedObjective> Objectives(Catalog catalog, MultiTaskMember task, TrainingOptions fit)
    {
        var context = new ObjectiveContext { ClassCounts = task.Task.Data.ClassCounts(task.Samples, fit), Samples = task.Samples.Count };
        return ArmPlan.Objectives(catalog, task.Objectives, task.Convex, context)
            .Select(o => new WeightedObjective(TaskObjective.Of(task.Name, o.Objective), Scaled.Of(o.Weight, task.Task.Weight)));
    }

    private TaskBatchSource Batches() => new([.. _arm.Tasks.Select((task, i) =>
    {
        var source = task.Task.Data.Batches(task.Samples, _arm.Fit, Seeding.For(_arm.Seed, Seeding.TaskBatches + (ulong)i));
        return KeyValuePair.Create(task.Name, source.BatchesPerEpoch == task.BatchesPerEpoch ? source : new CycledBatchSource(source, task.BatchesPerEpoch));
    })], _arm.Order);

    /// <summary>The score of all first, then each task's own metric, then the rest, under <c>task/metric</c>.</summary>
    private Dictionary<string, double> Scores(MultiTaskModel model, CancellationToken cancellationToken)
    {
        var tasks = _arm.Tasks.Select(t => (t.Name, Metric: ArmPlan.MetricOf(_arm.Fit, t.Task.Data), Scores: Ask(t, model, cancellationToken))).ToArray();
        var scores = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [_score.Name] = _score.Of([.. tasks.Select(t => t.Scores[t.Metric.Name])], [.. _arm.Tasks.Select(t => t.Task.Data.Validation!.LabelledCount)]),
        };
        foreach (var task in tasks)
            scores[$"{task.Name}/{task.Metric.Name}"] = task.Scores[task.Metric.Name];
        foreach (var task in tasks)
        {
            foreach (var (name, value) in task.Scores)
                scores[$"{task.Name}/{name}"] = value;
        }

        return scores;
    }

    /// <summary>A weight times that of its task.</summary>
    private sealed record Scaled(ScalarSchedule Own, double Factor) : ScalarSchedule
    {
        public static ScalarSchedule Of(ScalarSchedule own, double factor) => own.IsConstant ? own.At(0) * factor : new Scaled(own, factor);

        public override double Largest => Own.Largest * Factor;

        public override double At(double progress) => Own.At(progress) * Factor;

        public override string ToString() => Words(At(0), At(1));
    }

    private IReadOnlyDictionary<string, double> Ask(MultiTaskMember task, MultiTaskModel model, CancellationToken cancellationToken)
    {
        var data = task.Task.Data;
        var asked = AnswerProgress.Measuring(data.Once(data.Validation!), "validation", _arm.Name, _arm.Seed, Log is null ? null : Log.For(task.Name).Show);
        return Predictor.Ask(model.Of(task.Name), asked, EvaluationTasks.Of(data, data.Validation!), null, cancellationToken).Metrics();
    }
}
