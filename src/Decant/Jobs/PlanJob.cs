using System.Diagnostics;
using System.Globalization;
using Decant.Data;
using Decant.Modules;
using Decant.Recipes;
using Decant.Teachers;
using Decant.Torch;
using Decant.Training;

namespace Decant.Jobs;

/// <summary>One line of what a recipe would do.</summary>
/// <param name="Title">What it is about, such as <c>teacher</c>.</param>
/// <param name="Text">Such as <c>encoder, 5.3 M parameters, 1,350 steps, about 3 min</c>.</param>
public sealed record PlanLine(string Title, string Text);

/// <summary>Says what a recipe would do, by opening its data, building its models and timing a few of its steps. Nothing is kept.</summary>
public sealed class PlanJob(Catalog catalog)
{
    private const int TimedSteps = 3;

    /// <summary>The plan, line by line.</summary>
    /// <exception cref="DecantException">The data or the models are not what the recipe needs.</exception>
    public IReadOnlyList<PlanLine> Run(Recipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        MachineFacts.Prepare(recipe.Threads);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var lines = new List<PlanLine> { new("data", Data(data)) };
        if (data.Tokenizer is { } tokenizer)
            lines.Add(new("tokenizer", string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens, texts cut to {data.Context.MaxTokens}")));

        var seeds = recipe.AllSeeds();
        Seeding.Start(seeds[0], Seeding.TeacherWeights);
        using var teacher = LoadedOrNew(recipe, data);
        using var student = catalog.CreateModel(recipe.Student.Model, data.Context);
        var seconds = 0.0;
        if (recipe.Teacher!.Train is { } train)
            lines.Add(Describe("teacher", teacher, data.Train, data.Train, train, train.Epochs, train.Objectives, null, data, ref seconds));
        else
            lines.Add(new("teacher", $"{Size(teacher)}, loaded"));
        using var frozen = new LocalTeacher(teacher, data.Classes, data.Tokenizer?.Hash, owns: false);
        var warmUp = recipe.Distill.WarmUp?.Epochs ?? 0;
        var epochs = recipe.Distill.Epochs + warmUp;
        lines.Add(Describe("student", student, data.Student, data.Student, recipe.Distill, epochs, recipe.Distill.Objectives, frozen, data, ref seconds));
        if (recipe.Control)
            lines.Add(Describe("control", student, data.StudentLabelled, data.Student, recipe.Distill, epochs, LabelsOnly.Of(recipe), null, data, ref seconds));
        lines.Add(new("memory", string.Create(CultureInfo.InvariantCulture, $"about {Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20):N0} MiB")));
        lines.Add(new("in all", $"{(seeds.Count == 1 ? "one seed" : $"{seeds.Count} seeds")}, about {Duration(seconds * seeds.Count)} of training on {Runtime.Threads} threads"));
        return lines;
    }

    private Model LoadedOrNew(Recipe recipe, PreparedData data)
    {
        var section = recipe.Teacher!;
        var empty = section.Model is { } choice ? catalog.CreateModel(choice, data.Context) : null;
        return section.Load is { } path ? new ModelStore(data).LoadTeacher(path, empty) : empty!;
    }

    private PlanLine Describe(
        string title, Model model, Dataset samples, Dataset epochOf, FitSection fit, int? epochs, IReadOnlyList<Choice> objectives, LocalTeacher? teacher, PreparedData data, ref double seconds)
    {
        var perEpoch = ((long)epochOf.Count + fit.Batch - 1) / fit.Batch;
        var steps = epochs is { } e ? e * ((perEpoch + fit.Accumulate - 1) / fit.Accumulate) : fit.Steps!.Value;
        var duration = steps * SecondsPerStep(model, samples, fit, objectives, teacher, data);
        seconds += duration;
        return new(title, string.Create(CultureInfo.InvariantCulture, $"{Size(model)}, {steps:N0} steps of {fit.Batch * fit.Accumulate} samples, about {Duration(duration)}"));
    }

    private double SecondsPerStep(Model model, Dataset samples, FitSection fit, IReadOnlyList<Choice> objectives, LocalTeacher? teacher, PreparedData data)
    {
        var options = (OptimizerOptions)fit.Optimizer.Options;
        model.RequireGrad(true);
        using var optimizer = catalog.CreateOptimizer(fit.Optimizer, Optimizer.GroupByDecay(model.NamedParameters(), options.WeightDecay, options.DecayAll));
        var observer = new StepClock();
        new TrainLoop(new TrainingPlan
        {
            Student = model,
            Teacher = teacher,
            Objectives = [.. objectives.Select(c => new WeightedObjective(catalog.CreateObjective(c), c.Weight() ?? 1))],
            Batches = new CycledBatchSource(data.Batches(samples, fit, seed: 0), (TimedSteps + 1) * fit.Accumulate),
            Optimizer = optimizer,
            Schedule = catalog.CreateSchedule(fit.Schedule, TimedSteps + 1),
            LearningRate = 1e-9,
            Epochs = 1,
            Accumulate = fit.Accumulate,
            ClipNorm = fit.ClipNorm,
            L1 = fit.L1,
        }, observer).Run();
        return observer.Median();
    }

    private static string Data(PreparedData data)
    {
        var labels = data.Student.LabelledCount == data.Train.LabelledCount ? "" : $"; the student sees {data.Student.Count:N0}, {data.Student.LabelledCount:N0} of them with their label";
        return string.Create(CultureInfo.InvariantCulture,
            $"{data.Train.Name}: {data.Train.Count:N0} to train on, {data.Validation?.Count ?? 0:N0} to validate, {data.Test.Count:N0} to test; {data.Classes.Count} classes{labels}");
    }

    private static string Size(Model model) => string.Create(CultureInfo.InvariantCulture, $"{model.Kind}, {model.ParameterCount:N0} parameters");

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, seconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

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
