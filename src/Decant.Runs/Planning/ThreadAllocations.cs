using Decant.Data.Batching;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>Measures how the cores are best shared while each arm of a recipe is trained, on models made for it alone.</summary>
internal sealed class ThreadAllocations(Catalog catalog, Recipe recipe, PreparedData data)
{
    /// <summary>Fewer updates than this are over before a measurement has paid; 1000.</summary>
    public long FewestSteps { get; init; } = 1000;

    private readonly RecipeArms _arms = new(catalog, recipe, data, new ModelStore(data));
    private readonly long _seed = recipe.RunSeeds()[0];

    /// <summary>The recipe with what it left open about its teacher's training.</summary>
    public Recipe OfTeacher(CancellationToken cancellationToken)
    {
        if (recipe.ThreadAllocation.Teacher is not null || !IsOpen)
            return recipe;
        using var model = _arms.NewTeacher(_seed);
        // Of several teachers, the one with the longest training decides.
        var arm = _arms.Teachers(_seed, model).Select(t => t.Training).OfType<Arm>().MaxBy(Work);
        return recipe with { ThreadAllocation = recipe.ThreadAllocation with { Teacher = Best(arm, cancellationToken) } };
    }

    /// <summary>The recipe with what it left open about every arm.</summary>
    public Recipe OfAll(CancellationToken cancellationToken)
    {
        var settled = OfTeacher(cancellationToken).ThreadAllocation;
        if (!IsOpen || settled is { Student: not null, Control: not null })
            return recipe with { ThreadAllocation = settled };
        using var model = _arms.NewTeacher(_seed);
        using var student = _arms.NewStudent(_seed, model);
        using var teacher = data.Teacher(model);
        // The student's longest stage speaks for all of them; without a teacher that answers live, student and control do the same work.
        var spec = _arms.Students[^1];
        var stage = _arms.StagesOf(spec, student, model).MaxBy(s => _arms.Of(spec, s, _seed, student, teacher).Budget.Steps)!;
        var kept = TeacherProvider.Keeping(stage.Section, recipe, data, teacher).Kept;
        var isLive = kept != CachedOutputs.Logits; // a head is work too
        var timed = kept == CachedOutputs.States ? new StatesForTiming((IChunkedHeadTeacher)teacher) : teacher;
        var control = settled.Control ?? (data.CanControl && (recipe.Control || recipe.Baselines(data.HidesLabels).Count > 0 || !isLive) ? Best(_arms.Control(_seed, student, model), cancellationToken) : null);
        settled = settled with { Control = control, Student = settled.Student ?? (isLive || !data.CanControl ? Best(_arms.Of(spec, stage, _seed, student, timed), cancellationToken) : control) };
        return recipe with { ThreadAllocation = settled };
    }

    private static bool IsOpen => Runtime.Threads > 1;

    private double Work(Arm arm) => (double)arm.Budget.Steps * arm.Fit.Batch * arm.Fit.Accumulate * arm.Model.FlopsPerSample([.. data.SampleShape]);

    private string? Best(Arm? arm, CancellationToken cancellationToken)
    {
        if (arm is null || arm.Budget.Steps < FewestSteps)
            return null;
        using var plan = new ArmPlan(catalog, data, arm);
        return ThreadAutotuner.Choose(plan.Plan, ThreadAutotuner.Candidates(Runtime.Threads, arm.Teacher is not null), cancellationToken: cancellationToken).Best.ToString();
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
