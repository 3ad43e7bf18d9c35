using Decant.Data.Batching;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Measures how the cores are best shared in each training of a plan that its recipe leaves open. Nothing is measured for several tasks.</summary>
/// <param name="catalog">Makes objectives and optimizers.</param>
/// <param name="run">What is run.</param>
/// <param name="plan">Its plan.</param>
/// <param name="teachers">Keeps the teachers for the run, with the weights that they have.</param>
internal sealed class ThreadAllocations(Catalog catalog, PreparedRun run, RunPlan plan, MadeTeachers teachers)
{
    /// <summary>Fewer updates than this are over before a measurement has paid; 1000.</summary>
    public long FewestSteps { get; init; } = 1000;

    private readonly PlanWalk _walk = new(plan, run, teachers);

    /// <summary>The recipe with what it left open.</summary>
    public RunRecipe OfAll(CancellationToken cancellationToken)
    {
        if (!IsOpen || run.Recipe is not Recipe recipe || recipe.ThreadAllocation is { Teacher: not null, Student: not null, Control: not null })
            return run.Recipe;
        using var models = _walk.Models();
        var settled = recipe.ThreadAllocation;
        settled = settled with { Teacher = settled.Teacher ?? OfTeacher(models, cancellationToken) };
        if (_walk.Trainings.All(t => t.IsTeacher) || settled is { Student: not null, Control: not null })
            return recipe with { ThreadAllocation = settled };
        var data = run.Tasks[0].Data;
        var (step, arm) = Student(models);
        // What a chat model wrote is learned without it.
        if (arm.Teacher is null)
        {
            var alone = Best(step, arm, cancellationToken);
            return recipe with { ThreadAllocation = settled with { Control = settled.Control ?? alone, Student = settled.Student ?? alone } };
        }

        // Without a teacher that answers live, student and control do the same work.
        var kept = TeacherProvider.Keeping((DistillSection)arm.Fit, recipe, data, arm.Teacher!).Kept;
        var isLive = kept is not (CachedOutputs.Logits or CachedOutputs.Disk); // a head is work too
        var timed = kept == CachedOutputs.States ? new StatesForTiming((IChunkedHeadTeacher)arm.Teacher!) : arm.Teacher;
        var control = settled.Control ?? (data.CanControl && (recipe.Control || recipe.Baselines(data.HidesLabels).Count > 0 || !isLive)
            ? Best(step, new RecipeArms(catalog, recipe, data).Control(step.Seed!.Value, arm.Model, models[Asked(step)]), cancellationToken) : null);
        settled = settled with { Control = control, Student = settled.Student ?? (isLive || !data.CanControl ? Best(step, arm with { Teacher = timed }, cancellationToken) : control) };
        return recipe with { ThreadAllocation = settled };
    }

    /// <summary>Of several teachers, the one with the longest training decides.</summary>
    private string? OfTeacher(RunModels models, CancellationToken cancellationToken)
    {
        (TrainStep Step, Arm Arm)[] trained = [.. _walk.Trainings.Where(t => t.IsTeacher).Select(t => (t, t.Training(models))).Where(t => t.Item2 is not null).Select(t => (t.t, (Arm)t.Item2!))];
        if (trained.Length == 0)
            return null;
        var (step, arm) = trained.MaxBy(t => Work(t.Arm));
        return MadeTeachers.Unchanged(arm.Model, () => Best(step, arm, cancellationToken));
    }

    /// <summary>The student's longest stage speaks for all of them.</summary>
    private (TrainStep Step, Arm Arm) Student(RunModels models) => _walk.Trainings.Where(t => t.Model.Arm == Decant.Runs.Reports.Record.Arms.Student).Select(t => (t, (Arm)t.Training(models)!)).MaxBy(t => t.Item2.Budget.Steps);

    /// <summary>The teacher of a student.</summary>
    private ModelKey Asked(TrainStep step) => plan.Steps.OfType<AskStep>().Single(s => step.LearnsFrom.Contains(s.Id)).Teacher;

    private static bool IsOpen => Runtime.Threads > 1;

    private double Work(Arm arm) => (double)arm.Budget.Steps * arm.Fit.Batch * arm.Fit.Accumulate * arm.Model.FlopsPerSample([.. run.Tasks[0].Data.SampleShape]);

    private string? Best(TrainStep step, Arm? arm, CancellationToken cancellationToken)
    {
        if (arm is null || arm.Budget.Steps < FewestSteps || arm.Fit is DistillSection { Rollouts: not null } || arm.Follow is not null) // a teacher cannot answer ahead of what is yet to be written
            return null;
        using var timed = new ArmPlan(catalog, step.Of!.Data, arm);
        return ThreadAutotuner.Choose(timed.Plan, ThreadAutotuner.Candidates(Runtime.Threads, arm.Teacher is not null), cancellationToken: cancellationToken).Best.ToString();
    }

    /// <summary>Costs as much as a teacher with cached states: nothing but its head.</summary>
    private sealed class StatesForTiming(IChunkedHeadTeacher teacher) : ITeacher
    {
        public TeacherOffer Offer => teacher.Offer;

        public bool IsConcurrent => true;

        public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
        {
            using var noGrad = Autograd.NoGrad();
            var head = teacher.Head!.Value;
            return IChunkedHeadTeacher.AnswerOf(Tensor.Zeros([batch.Rows, head.Weight.Size(1)]), head);
        }

        public void Dispose()
        {
        }
    }
}
