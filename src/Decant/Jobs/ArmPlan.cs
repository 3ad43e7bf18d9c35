using System.Globalization;
using Decant.Data;
using Decant.Evaluation;
using Decant.Models;
using Decant.Modules;
using Decant.Recipes;
using Decant.Signals;
using Decant.Torch;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>An arm with all that its training needs; disposing releases the optimizer and the objectives, not the models.</summary>
internal sealed class ArmPlan : IDisposable
{
    private readonly PreparedData _data;
    private readonly Generator _projections;

    public ArmPlan(Catalog catalog, PreparedData data, Arm arm)
    {
        _data = data;
        var fit = arm.Fit;
        var options = (OptimizerOptions)fit.Optimizer.Options;
        var still = TrainedPart.Choose(arm.Model, arm.Name, arm.Train, arm.Freeze);
        _projections = Seeding.NewGenerator(arm.Seed, arm.Purpose);
        var objectives = Objectives(catalog, arm);
        // Where no objective is about the answers, the head may still be as it was drawn: validation then chooses nothing unless it is asked to.
        var isJudged = arm.AsksToBeJudged || objectives.Any(o => o.Weight.Largest > 0 && o.Objective.ReadsLogits);
        Metric = (fit.EarlyStopping?.Metric ?? fit.BestBy) is { } chosen ? Metric.Find(chosen, data.Context.Task) : Metric.Default(data.Context.Task);
        Plan = new TrainingPlan
        {
            Student = arm.Model,
            Still = still,
            Teacher = arm.Teacher,
            Objectives = objectives,
            Batches = Batches(arm),
            Cores = arm.Cores,
            CarriesState = data.CarriesState,
            Optimizer = catalog.CreateOptimizer(fit.Optimizer, Optimizer.GroupByDecay(Parameters(arm.Model, objectives), options.WeightDecay, options.DecayAll)),
            Schedule = catalog.CreateSchedule(fit.Schedule, arm.Budget.Steps),
            LearningRate = options.LearningRate,
            Epochs = arm.Budget.Epochs,
            Steps = arm.Budget.Steps,
            Precision = fit.Precision == Precision.Bfloat16 ? DType.BFloat16 : DType.Float32,
            Accumulate = fit.Accumulate,
            ClipNorm = fit.ClipNorm,
            L1 = fit.L1,
            Validate = data.Validation is null || !isJudged ? null : token => Scores(arm.Model, arm.TeacherModel, token),
            BestBy = new Selection(Metric.Name, !Metric.HigherIsBetter),
            Patience = isJudged ? fit.EarlyStopping?.Patience : null,
        };
    }

    public TrainingPlan Plan { get; }

    /// <summary>What the best weights are chosen by, where there is validation.</summary>
    public Metric Metric { get; }

    /// <summary>What is minimised, in words.</summary>
    public string Words => string.Join(" + ", Plan.Objectives.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Weight} · {o.Objective.Kind}")));

    public void Dispose()
    {
        Plan.Optimizer.Dispose();
        foreach (var disposable in Plan.Objectives.Select(o => o.Objective).OfType<IDisposable>())
            disposable.Dispose();
        _projections.Dispose();
    }

    private IBatchSource Batches(Arm arm)
    {
        var source = _data.Batches(arm.Samples, arm.Fit, Seeding.For(arm.Seed, arm.Purpose));
        return arm.Budget.BatchesPerEpoch == source.BatchesPerEpoch ? source : new CycledBatchSource(source, arm.Budget.BatchesPerEpoch);
    }

    private IReadOnlyList<WeightedObjective> Objectives(Catalog catalog, Arm arm)
    {
        var context = new ArmContext(_data, arm).Of(_projections);
        var objectives = arm.Objectives.Select(c => new WeightedObjective(catalog.CreateObjective(c, context), c.Course() ?? 1)).ToArray();
        return arm.Convex ? WeightedObjective.Convex(objectives) : objectives;
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
            foreach (var (name, parameter) in trained.NamedParameters())
                yield return new($"objectives.{i}.{objective.Kind}.{name}", parameter);
        }
    }

    private IReadOnlyDictionary<string, double> Scores(Model model, Model? teacher, CancellationToken cancellationToken)
    {
        var questions = Questions.Of(_data, _data.Validation!);
        return Predictor.Ask(model, _data.Once(_data.Validation!), questions, questions.Task == ModelTask.Embedding ? teacher : null, cancellationToken).Metrics();
    }
}
