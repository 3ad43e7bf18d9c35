using System.Diagnostics;
using System.Globalization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Running;
using Decant.Teachers.Ensembles;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs.Jobs;

/// <summary>One line of what a recipe would do.</summary>
/// <param name="Title">What it is about, such as <c>teacher</c>.</param>
/// <param name="Text">Such as <c>encoder, 5.3 M parameters, 1,350 steps, about 3 min</c>.</param>
public sealed record PlanLine(string Title, string Text);

/// <summary>Says what a recipe would do, by opening its data, building its models and timing a few of its steps. Nothing is kept.</summary>
public sealed partial class PlanJob(Catalog catalog)
{
    private const int TimedSteps = 3;

    /// <summary>The plan, line by line.</summary>
    /// <exception cref="DecantException">The data or the models are not what the recipe needs.</exception>
    public IReadOnlyList<PlanLine> Run(Recipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var seeds = recipe.RunSeeds();
        var (lines, seconds, once) = Plan(recipe, Part.All, cancellationToken);
        lines.Add(Memory());
        lines.Add(new("total", $"{Seeds(seeds)}, about {Duration(once + (seconds * seeds.Count))} of training on {Runtime.Threads} threads"));
        return lines;
    }

    /// <summary>What one seed of a recipe does, how long its trainings take, and those that all seeds share.</summary>
    private (List<PlanLine> Lines, double Seconds, double Once) Plan(Recipe recipe, Part part, CancellationToken cancellationToken)
    {
        if (!recipe.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
        MachineFacts.Prepare(recipe.Threads);
        using var data = DataPreparation.Prepare(catalog, recipe, cancellationToken);
        var memory = new DryRun(catalog, recipe, data).All();
        var lines = new List<PlanLine>();
        var (answers, seconds, once) = (new PlannedAnswers(recipe, data), 0.0, 0.0);
        if (part == Part.All)
        {
            lines.Add(new("data", Data(data)));
            if (data.Tokenizer is { } tokenizer)
                lines.Add(new("tokenizer", string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens, texts truncated to {data.Context.MaxTokens}")));
        }

        var seed = recipe.RunSeeds()[0];
        var arms = new RecipeArms(catalog, recipe, data, new ModelStore(data));
        using var teacher = arms.NewTeacher(seed);
        if (part == Part.All)
            Teachers();
        var student = "";
        arms.Visit(seed, teacher, model => student = Size(model), arm =>
        {
            Answers(arm);
            seconds += Add(arm.Name, arm);
        });
        if (arms.BaselineKinds().Contains(BaselineKind.Untrained))
            lines.Add(new(Decant.Runs.Reports.Record.Arms.Untrained, $"{student}, not trained, evaluated only"));
        if (part == Part.All && data.WithoutControl is { } reason)
            lines.Add(new(Decant.Runs.Reports.Record.Arms.Control, $"none: {reason}"));
        if (memory is not null)
            lines.Add(new("note", memory));
        if (part == Part.All)
            lines.AddRange(Remarks(data).Select(remark => new PlanLine("note", remark)));
        return (lines, seconds, once);

        void Teachers()
        {
            foreach (var one in arms.Teachers(seed, teacher))
            {
                if (one.Training is { } own && one.IsShared)
                    once += Add(one.Arm, own, recipe.RunSeeds().Count > 1 ? ", once for all seeds" : "");
                else if (one.Training is { } trained)
                    seconds += Add(one.Arm, trained);
                else
                    lines.Add(new(one.Arm, $"{Size(one.Model)}, loaded{LoadedTeacher.Words(one.Model, data, cancellationToken)}"));
            }

            if (teacher is Ensemble several)
                lines.Add(new(Decant.Runs.Reports.Record.Arms.Teacher, string.Create(CultureInfo.InvariantCulture, $"{EnsembleParts.Summary(several)}; {several.ParameterCount:N0} parameters together")));
        }

        void Answers(Arm arm)
        {
            if (answers.Of(arm) is not { } cost || cost is { Kept: not CachedOutputs.None, OnceSeconds: null })
                return;
            seconds += cost is { Kept: not CachedOutputs.None, OnceSeconds: { } asking } ? asking : 0; // live, they are in the time of the updates
            lines.Add(new(AnswersTitle(arm.Name), Words(cost)));
        }

        double Add(string title, Arm arm, string note = "")
        {
            var duration = arm.Budget.Steps * SecondsPerStep(arm, data, answers);
            var validations = Validations(arm, data);
            duration += validations.Seconds;
            lines.Add(new(title, string.Create(CultureInfo.InvariantCulture,
                $"{Size(arm.Model)}, {arm.Budget.Steps:N0} steps of {arm.Fit.Batch * arm.Fit.Accumulate} samples{validations.Words}, about {Duration(duration)}{note}")));
            return duration;
        }
    }

    private static string AnswersTitle(string arm) => arm == Decant.Runs.Reports.Record.Arms.Student ? Decant.Runs.Reports.Record.AnswersAsked.TeacherAnswers : $"{arm}: {Decant.Runs.Reports.Record.AnswersAsked.TeacherAnswers}";

    private static string Words(AnswerCost cost)
    {
        var samples = string.Create(CultureInfo.InvariantCulture, $"{cost.Samples:N0} samples");
        if (cost.Kept != CachedOutputs.None)
        {
            var head = cost.Kept == CachedOutputs.States ? "; the states before its head are cached, and the logits computed from them in every batch" : "";
            return $"{samples} computed once, before the training, about {Duration(cost.OnceSeconds ?? 0)}{head}";
        }

        var instead = cost.OnceSeconds is { } once ? $"; computing all {samples} once would take about {Duration(once)}" : "";
        return $"computed again in every batch, because {cost.WhyLive}: about {Duration(cost.LiveSeconds)} of the training below{instead}";
    }

    private static PlanLine Memory() =>
        new("memory", string.Create(CultureInfo.InvariantCulture, $"about {Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20):N0} MiB"));

    private static string Seeds(IReadOnlyList<long> seeds) => seeds.Count == 1 ? "one seed" : $"{seeds.Count} seeds";

    private static Budget Few(TrainedArm arm) => new((TimedSteps + 1) * arm.Fit.Accumulate, 1, TimedSteps + 1);

    private double SecondsPerStep(Arm arm, PreparedData data, PlannedAnswers? answers = null)
    {
        var few = arm with { Budget = Few(arm) };
        var owned = new List<IDisposable>();
        try
        {
            if (answers is not null)
            {
                using var first = new ArmPlan(catalog, data, few);
                few = answers.Timed(few, first.Plan.Batches, few.Budget.BatchesPerEpoch, owned);
            }

            using var plan = new ArmPlan(catalog, data, few);
            return SecondsPerStep(plan);
        }
        finally
        {
            owned.ForEach(o => o.Dispose());
        }
    }

    private static double SecondsPerStep(IArmPlan plan)
    {
        var clock = new StepClock();
        // A rate that teaches nothing: a loaded teacher is timed by others afterwards.
        using var loop = new TrainLoop(plan.Plan with { LearningRate = 1e-9, Validate = _ => new Dictionary<string, double> { [plan.MetricName] = 0 } }, clock);
        loop.Run();
        return clock.Median();
    }

    /// <summary>What the run's log will note of its data.</summary>
    private static IEnumerable<string> Remarks(PreparedData data) => data.Remarks.Concat(data.Overlaps.Select(RunDescription.Of));

    /// <summary>What of a recipe is planned.</summary>
    private enum Part
    {
        All,

        /// <summary>Only what differs between the variants of a study: the models that learn from the teacher.</summary>
        Students,
    }

    private static string Data(PreparedData data)
    {
        var labels = data.LabelledTransferSet.Count == data.Train.LabelledCount ? "" : $"; the student sees {data.TransferSet.Count:N0}, {data.TransferSet.LabelledCount:N0} of them with their label";
        var what = data.Context.Task switch
        {
            ModelTask.Classification => $"; {data.Classes.Count} classes",
            ModelTask.TokenClassification => $"; {data.Classes.Count} tags",
            ModelTask.CausalLanguageModel or ModelTask.MaskedLanguageModel when data.Streams.Count > 0 => $"; sequences of {data.Context.MaxTokens} tokens",
            ModelTask.Embedding => data.RowsOf(data.Train) > data.Train.Count ? "; pairs of texts, a vector for each text" : "; a vector for each text",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{data.Train.Name}: {data.Train.Count:N0} to train on, {data.Validation?.Count ?? 0:N0} to validate, {data.Test.Count:N0} to test{what}{labels}");
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
