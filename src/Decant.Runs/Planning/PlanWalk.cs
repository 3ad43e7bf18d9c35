using Decant.Modules;

namespace Decant.Runs.Planning;

/// <summary>Goes through the trainings of a plan's first seed as if those before had been done: every model is made, none is trained.</summary>
/// <param name="plan">The plan.</param>
/// <param name="run">What it is of.</param>
/// <param name="teachers">Keeps the teachers for the run.</param>
internal sealed class PlanWalk(RunPlan plan, Decant.Runs.Preparing.PreparedRun run, MadeTeachers teachers)
{
    /// <summary>The trainings of the first seed, in order.</summary>
    public IReadOnlyList<TrainStep> Trainings { get; } = [.. plan.Trainings(run.Recipe.RunSeeds()[0])];

    /// <summary>Visits each training with its model; those that do not train give no arm.</summary>
    /// <param name="visit">Gets the step, its model as it begins, and its arm.</param>
    /// <param name="which">The steps to visit; null: all.</param>
    public void Visit(Action<TrainStep, Model, TrainedArm?> visit, Func<TrainStep, bool>? which = null)
    {
        using var models = new RunModels(plan, teachers);
        foreach (var step in Trainings)
        {
            if (which?.Invoke(step) != false)
                visit(step, models[step.Model], step.Training(models));
            models.Done(step);
        }
    }

    /// <summary>The models of a plan, each made when it is asked for, to be looked at together.</summary>
    public RunModels Models() => new(plan, teachers);
}
