using System.Globalization;
using Decant.Compression.Pruning;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Objectives;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Log;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Optimizers;

namespace Decant.Runs.Planning;

/// <summary>What training an arm takes.</summary>
internal interface IArmPlan : IDisposable
{
    TrainingPlan Plan { get; }

    /// <summary>What the best weights are chosen by, where there is validation.</summary>
    string MetricName { get; }

    /// <summary>What is minimised, in words.</summary>
    string Words { get; }

    /// <summary>The plan of an arm of one task, or of several at once.</summary>
    /// <param name="catalog">Makes objectives and optimizers.</param>
    /// <param name="step">The step that trains it.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="log">Where long validations are shown; null: nowhere.</param>
    static IArmPlan Of(Catalog catalog, TrainStep step, TrainedArm arm, RunLog? log = null) =>
        arm is MultiTaskArm joint ? new MultiTaskPlan(catalog, joint) { Log = log } : new ArmPlan(catalog, step.Of!.Data, (Arm)arm) { Log = log };
}

/// <summary>An arm with all that its training needs; disposing releases the optimizer and the objectives, not the models.</summary>
internal sealed class ArmPlan : IArmPlan
{
    private readonly PreparedData _data;
    private readonly Arm _arm;
    private readonly Generator _projections;
    private readonly FollowingTeacher? _following;

    public ArmPlan(Catalog catalog, PreparedData data, Arm arm)
    {
        _following = arm.Follow is { } follow ? new FollowingTeacher(arm.Model, follow, data) : null;
        arm = _following is null ? arm : arm with { Teacher = _following.Teacher };
        _data = data;
        _arm = arm;
        CheckMeasurable(data, arm);
        _projections = Seeding.NewGenerator(arm.Seed, arm.Purpose);
        Metric = MetricOf(arm.Fit, data);
        var frozen = ParameterFreezing.Choose(arm.Model, arm.Name, arm.Train, arm.Freeze);
        var objectives = Objectives(catalog, arm.Objectives, arm.Convex, new ArmContext(data, arm).Of(_projections));
        // Where no objective is about the answers, the head may be as initialized: no weights are then selected by validation unless the recipe says so.
        var isJudged = arm.AsksToBeJudged || objectives.Any(o => o.Weight.Largest > 0 && o.Objective.ReadsLogits);
        Rollouts = ArmRollouts.Of(data, arm, objectives);
        Plan = Fitted(catalog, arm, objectives, Batches(arm)) with
        {
            FrozenModules = frozen,
            Teacher = arm.Teacher,
            CarriesState = data.CarriesState,
            Validate = data.Validation is null || !isJudged ? null : token => Scores(arm.Model, arm.TeacherModel, token),
            ValidateEvery = data.Validation is null || !isJudged ? null : ValidationTimes.Every(arm.Fit, arm.Budget, data.Validation.LabelledCount),
            BestBy = new Selection(Metric.Name, !Metric.HigherIsBetter),
            Patience = isJudged ? arm.Fit.EarlyStopping?.Patience : null,
            Rollouts = Rollouts?.Writing,
            Following = _following?.Weights,
        };
    }

    /// <summary>What a section says of a training, of one task or several. The parameters that are trained take gradients.</summary>
    public static TrainingPlan Fitted(Catalog catalog, TrainedArm arm, IReadOnlyList<WeightedObjective> objectives, IBatchSource batches)
    {
        var fit = arm.Fit;
        var options = fit.Optimizer;
        return new TrainingPlan
        {
            Student = arm.Model,
            Objectives = objectives,
            Batches = batches,
            Cores = arm.Cores,
            Optimizer = catalog.CreateOptimizer(fit.Optimizer, Optimizer.GroupByDecay(Parameters(arm.Model, objectives), options.WeightDecay, options.DecayAll)),
            Schedule = catalog.CreateSchedule(fit.Schedule, arm.Budget.Steps),
            LearningRate = options.LearningRate,
            Epochs = arm.Budget.Epochs,
            Steps = arm.Budget.Steps,
            Precision = fit.Precision,
            RecomputesLayers = fit.GradientCheckpointing,
            Accumulate = fit.Accumulate,
            ClipNorm = fit.ClipNorm,
            L1 = fit.L1,
            Masks = fit is DistillSection { Pruning: { } pruning } ? new WeightPruner(arm.Model, pruning) : null,
            Patience = fit.EarlyStopping?.Patience,
        };
    }

    public TrainingPlan Plan { get; }

    /// <summary>The texts that models write in it; null: none.</summary>
    public ArmRollouts? Rollouts { get; }

    /// <summary>What the best weights are chosen by, where there is validation.</summary>
    public Metric Metric { get; }

    public string MetricName => Metric.Name;

    /// <summary>What is minimised, in words.</summary>
    public string Words => WordsOf(Plan);

    /// <summary>Where long validations are shown; null: nowhere.</summary>
    public RunLog? Log { get; init; }

    /// <summary>What a plan minimises, in words.</summary>
    public static string WordsOf(TrainingPlan plan) => string.Join(" + ", plan.Objectives.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Weight} · {o.Objective.Kind}")));

    /// <summary>The metric that a section chooses the best weights by.</summary>
    public static Metric MetricOf(TrainingOptions fit, PreparedData data) =>
        (fit.EarlyStopping?.Metric ?? fit.BestBy) is { } chosen ? Metric.Find(chosen, data.Context.Task) : Metric.Default(data.Context.Task, data.Validation is { } validation && data.HasScores(validation), data.IsRanked);

    public void Dispose()
    {
        Release(Plan);
        Rollouts?.Dispose();
        _following?.Dispose();
        _projections.Dispose();
    }

    /// <summary>Releases the optimizer and the objectives of a plan.</summary>
    public static void Release(TrainingPlan plan)
    {
        plan.Optimizer.Dispose();
        plan.Masks?.Dispose();
        foreach (var disposable in plan.Objectives.Select(o => o.Objective).OfType<IDisposable>())
            disposable.Dispose();
    }

    // Found out before the training, not at its first validation.
    private static void CheckMeasurable(PreparedData data, Arm arm)
    {
        if (data.Context.Task != ModelTask.Embedding || data.IsRanked || arm.Teacher is not { Offer.Outputs: var width } || new[] { data.Validation, data.Test }.OfType<Dataset>().All(data.HasScores))
            return;
        const string Scores = "give validation and test samples that are pairs of texts with scores ('pair' and 'target'), by which any vectors are measured";
        if (data.HasOwnTeacherInput)
            throw new DecantException($"Without scores an embedding is measured against its teacher's vectors, batch by batch, and this teacher reads with a tokenizer of its own: {Scores}, or remove 'input.tokenizer'.");
        if (width != arm.Model.Classes)
            throw new DecantException($"Without scores an embedding is measured against its teacher's vectors, and the student's have {arm.Model.Classes} numbers where the teacher's have {width}: {Scores}, or let the student's be as wide.");
    }

    private IBatchSource Batches(Arm arm)
    {
        var source = _data.Batches(arm.Samples, arm.Fit, Seeding.For(arm.Seed, arm.Purpose));
        return arm.Budget.BatchesPerEpoch == source.BatchesPerEpoch ? source : new CycledBatchSource(source, arm.Budget.BatchesPerEpoch);
    }

    /// <summary>The objectives of a recipe with their weights.</summary>
    public static IReadOnlyList<WeightedObjective> Objectives(Catalog catalog, IReadOnlyList<ObjectiveOptions> choices, bool convex, ObjectiveContext context)
    {
        var objectives = choices.Select(c => new WeightedObjective(catalog.CreateObjective(c, context), c.Weight)).ToArray();
        return convex ? WeightedObjective.Convex(objectives) : objectives;
    }

    /// <summary>The student's, and those of objectives that have some, under the objective's name.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Parameters(Model model, IReadOnlyList<WeightedObjective> objectives)
    {
        foreach (var parameter in model.NamedParameters())
            yield return parameter;
        for (var i = 0; i < objectives.Count; i++)
        {
            if (objectives[i] is not { Weight.Largest: > 0, Objective: ITrainedObjective { Trained: var trained } objective })
                continue;
            foreach (var (name, parameter) in trained.On(model.Device).NamedParameters())
                yield return new($"objectives.{i}.{objective.Kind}.{name}", parameter);
        }
    }

    private IReadOnlyDictionary<string, double> Scores(Model model, Model? teacher, CancellationToken cancellationToken)
    {
        var questions = EvaluationTasks.Of(_data, _data.Validation!);
        var asked = AnswerProgress.Measuring(_data.Once(_data.Validation!), "validation", _arm.Name, _arm.Seed, Log is null ? null : Log.Show);
        var scores = Predictor.Ask(model, asked, questions, questions.Task == ModelTask.Embedding ? teacher : null, cancellationToken).Metrics();
        return Rollouts is null ? scores : new Dictionary<string, double>(scores.Concat(Rollouts.Measure(cancellationToken)), StringComparer.Ordinal);
    }
}
