using System.Globalization;
using Decant.Models.MultiTask;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Training;

namespace Decant.Runs.Jobs;

/// <summary>Times a few updates of each training of a plan, the answers of its teacher and its validations, and adds up how long the run takes.</summary>
internal sealed class PlannedTimes(Catalog catalog, PreparedRun run)
{
    private const int TimedSteps = 3;

    private readonly Dictionary<string, PlannedAnswers> _answers = run.Tasks.ToDictionary(t => t.Name ?? "", t => new PlannedAnswers(t.Recipe, t.Data));

    /// <summary>The seconds of one seed's trainings, so far.</summary>
    public double Seconds { get; private set; }

    /// <summary>The seconds of the trainings that all seeds share.</summary>
    public double Once { get; private set; }

    /// <summary>What a training's teacher answers cost, those that it does not share with an earlier training.</summary>
    public IEnumerable<(string? Task, AnswerCost Cost)> AnswersOf(TrainStep step, TrainedArm arm)
    {
        foreach (var (task, cost) in Costs(step, arm).ToArray())
        {
            if (cost is { Kept: not CachedOutputs.None, OnceSeconds: null })
                continue;
            if (cost is { Kept: not CachedOutputs.None, OnceSeconds: { } asking })
                Seconds += asking;
            else if (arm is MultiTaskArm)
                Seconds += cost.LiveSeconds; // of one task, live answers are in the time of the updates
            yield return (task, cost);
        }
    }

    /// <summary>The seconds of a training, and in words how often it is validated.</summary>
    public (double Seconds, string Validations) Of(TrainStep step, TrainedArm arm)
    {
        var (validating, words) = Validations(step, arm);
        var seconds = (arm.Budget.Steps * SecondsPerStep(step, arm)) + validating;
        if (step.IsShared)
            Once += seconds;
        else
            Seconds += seconds;
        return (seconds, words);
    }

    private IEnumerable<(string? Task, AnswerCost Cost)> Costs(TrainStep step, TrainedArm arm)
    {
        if (arm is MultiTaskArm joint)
        {
            foreach (var (member, batches) in joint.Tasks.Zip(joint.BatchesPerTask()).Where(t => t.First.Teacher is not null))
                yield return (member.Name, _answers[member.Name].Of(member.Teacher!, member.Task.Recipe.Distill, batches, arm.Seed));
        }
        else if (step.Task is null && _answers[""].Of((Arm)arm) is { } cost)
        {
            yield return (null, cost);
        }
    }

    private double SecondsPerStep(TrainStep step, TrainedArm arm)
    {
        var few = arm with { Budget = new Budget((TimedSteps + 1) * arm.Fit.Accumulate, 1, TimedSteps + 1) };
        if (few is MultiTaskArm joint)
            few = joint with { Tasks = [.. joint.Tasks.Select(Untaught)] };
        else if (step.Task is not null && few is Arm { Teacher: not null } single)
            few = single with { Teacher = null, Objectives = LabelsOnly.Of(step.Of!.Recipe.Task, [Stage.Only(step.Of.Recipe.Distill)]) };
        var owned = new List<IDisposable>();
        try
        {
            if (few is Arm one && _answers.TryGetValue(step.Task ?? "", out var answers))
            {
                using var first = new ArmPlan(catalog, step.Of!.Data, one);
                few = answers.Timed(one, first.Plan.Batches, few.Budget.BatchesPerEpoch, owned);
            }

            using var plan = IArmPlan.Of(catalog, step, few);
            return SecondsPerStep(plan);
        }
        finally
        {
            owned.ForEach(o => o.Dispose());
        }
    }

    /// <summary>A task without its teacher, whose answers are counted by themselves.</summary>
    private static MultiTaskMember Untaught(MultiTaskMember member) => member with
    {
        Teacher = null,
        Samples = member.Task.Data.LabelledTransferSet,
        Objectives = LabelsOnly.Of(member.Task.Recipe.Task, [Stage.Only(member.Task.Recipe.Distill)]),
        Convex = false,
    };

    private static double SecondsPerStep(IArmPlan plan)
    {
        var clock = new StepClock();
        // A rate that teaches nothing: a loaded teacher is timed by others afterwards.
        using var loop = new TrainLoop(plan.Plan with { LearningRate = 1e-9, Validate = _ => new Dictionary<string, double> { [plan.MetricName] = 0 } }, clock);
        loop.Run();
        return clock.Median();
    }

    /// <summary>How often an arm is validated, if it is not stopped early, and how long that takes; each validation of several tasks asks about all of them.</summary>
    private (double Seconds, string Words) Validations(TrainStep step, TrainedArm arm)
    {
        using var plan = IArmPlan.Of(catalog, step, arm);
        if (plan.Plan.Validate is null)
            return (0, "");
        var seconds = arm is MultiTaskArm joint ? joint.Tasks.Sum(t => ValidationCost.Seconds(((MultiTaskModel)arm.Model).Of(t.Name), t.Task.Data)) : ValidationCost.Seconds(arm.Model, step.Of!.Data);
        var times = ValidationTimes.Count(plan.Plan.ValidateEvery, arm.Budget);
        return (times * seconds, string.Create(CultureInfo.InvariantCulture, $", {times:N0} validation{(times == 1 ? "" : "s")}"));
    }

    /// <summary>The time from one step to the next; the first warms up.</summary>
    private sealed class StepClock : ITrainingObserver
    {
        private readonly List<double> _seconds = [];
        private TimeSpan? _before;

        public double Median() => _seconds.Order().ElementAt(_seconds.Count / 2);

        public void OnStep(StepReport report)
        {
            if (_before is { } before)
                _seconds.Add((report.Elapsed - before).TotalSeconds);
            _before = report.Elapsed;
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnEmptyBatch(long step)
        {
        }
    }
}
