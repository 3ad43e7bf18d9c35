using System.Diagnostics;
using System.Globalization;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Hardware;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Teachers.Ensembles;
using Decant.Torch;

namespace Decant.Runs.Jobs;

/// <summary>One line of what a recipe would do.</summary>
/// <param name="Title">What it is about, such as <c>teacher</c>.</param>
/// <param name="Text">Such as <c>encoder, 5.3 M parameters, 1,350 steps, about 3 min</c>.</param>
internal sealed record PlanLine(string Title, string Text);

/// <summary>Says what a recipe would do, by opening its data, going through its plan and timing a few steps of each training. Nothing is kept, but models that were fetched for it.</summary>
/// <param name="catalog">The kinds, and where models are fetched from.</param>
/// <param name="progress">Told while models are fetched; null: nobody.</param>
internal sealed partial class PlanJob(Catalog catalog, IProgress<RunEvent>? progress = null)
{
    /// <summary>The plan, line by line.</summary>
    /// <param name="recipe">A recipe of one task or of several; models that it names by addresses are fetched first.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">The data or the models are not what the recipe needs.</exception>
    public IReadOnlyList<PlanLine> Run(RunRecipe recipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var seeds = recipe.RunSeeds();
        var (lines, seconds, once) = Plan(recipe, Part.All, cancellationToken);
        lines.Add(Memory());
        lines.Add(new("total", $"{Seeds(seeds)}, about {Duration(once + (seconds * seeds.Count))} of training on {Runtime.Threads} threads"));
        return lines;
    }

    /// <summary>What one seed of a recipe does, how long its trainings take, and those that all seeds share.</summary>
    private (List<PlanLine> Lines, double Seconds, double Once) Plan(RunRecipe recipe, Part part, CancellationToken cancellationToken)
    {
        if (recipe is Recipe one && !one.HasTeacher())
            throw new DecantException("There is nothing to distil: the recipe has no 'teacher'.");
        recipe = FetchedModels.Of(catalog.Fetching, recipe, progress, cancellationToken);
        MachineFacts.Prepare(recipe.Threads);
        using var run = PreparedRun.Of(catalog, recipe, cancellationToken);
        using var teachers = new MadeTeachers();
        var plan = RunPlans.ToDistil(catalog, run);
        var memory = new DryRun(catalog, run, plan, teachers).All();
        var lines = part == Part.All ? Data(run) : [];
        var times = new PlannedTimes(catalog, run);
        var walk = new PlanWalk(plan, run, teachers);
        if (part == Part.All)
        {
            walk.Visit(Add, step => step.IsTeacher);
            lines.AddRange(Ensembles(plan, teachers));
        }

        walk.Visit(Add, step => !step.IsTeacher);
        if (part == Part.All)
            lines.AddRange(run.Tasks.Where(t => t.Data.WithoutControl is not null).Select(t => new PlanLine(Title(t.Name, Arms.Control), $"none: {t.Data.WithoutControl}")));
        lines.AddRange(memory.Select(remark => new PlanLine("note", remark)));
        if (recipe is Recipe { Student.Budget: not null })
            lines.Add(new("note", "The recipe has a budget, so 'decant fit' chooses the student: what is said here is of the largest, all of the teacher."));
        if (part == Part.All)
            lines.AddRange(run.Tasks.SelectMany(t => Remarks(t.Data).Select(remark => new PlanLine(Title(t.Name, "note"), remark))));
        return (lines, times.Seconds, times.Once);

        void Add(TrainStep step, Model model, TrainedArm? arm)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (arm is null)
            {
                lines.Add(new(Title(step.Task, step.Name), model is RemoteModel said ? said.Summary : step.IsTeacher ? $"{Size(model)}, loaded{LoadedTeacher.Words(model, step.Of!.Data, cancellationToken)}" : $"{Size(model)}, not trained, evaluated only"));
            }
            else
            {
                lines.AddRange(times.AnswersOf(step, arm).Select(cost => new PlanLine(AnswersTitle(cost.Task, step.Name), Words(cost.Cost))));
                var (seconds, validations) = times.Of(step, arm);
                lines.Add(new(Title(step.Task, step.Name), string.Create(CultureInfo.InvariantCulture,
                    $"{Size(arm.Model)}{Trained(arm.Model)}, {arm.Budget.Steps:N0} steps of {arm.Fit.Batch * arm.Fit.Accumulate} samples{validations}, about {Duration(seconds)}{(step is { IsTeacher: true, IsShared: true } && recipe.RunSeeds().Count > 1 ? ", once for all seeds" : "")}")));
            }
        }
    }

    private static IEnumerable<PlanLine> Ensembles(RunPlan plan, MadeTeachers teachers)
    {
        using var models = new RunModels(plan, teachers);
        foreach (var step in plan.Steps.OfType<CombineStep>().Take(1))
        {
            var several = (Ensemble)models[step.Model];
            yield return new(Arms.Teacher, string.Create(CultureInfo.InvariantCulture, $"{EnsembleParts.Summary(several)}; {several.ParameterCount:N0} parameters together"));
        }
    }

    private static string Title(string? task, string name) => task is null ? name : $"{task}: {name}";

    private static string AnswersTitle(string? task, string arm) => Title(task, arm is Arms.Student or Arms.Single ? AnswersAsked.TeacherAnswers : $"{arm}: {AnswersAsked.TeacherAnswers}");

    private static string Words(AnswerCost cost)
    {
        var samples = string.Create(CultureInfo.InvariantCulture, $"{cost.Samples:N0} samples{(cost.Views > 1 ? $" in {cost.Views} views" : "")}");
        if (cost.Kept != CachedOutputs.None)
        {
            var how = cost.Kept switch
            {
                CachedOutputs.States => "; the states before its head are cached, and the logits computed from them in every batch",
                CachedOutputs.Disk => "; kept on disk, and those that are there already are read instead",
                _ => "",
            };
            return $"{samples} computed once, before the training, about {Duration(cost.OnceSeconds ?? 0)}{how}";
        }

        var instead = cost.OnceSeconds is { } once ? $"; computing all {samples} once would take about {Duration(once)}" : "";
        return $"computed again in every batch, because {cost.WhyLive}: about {Duration(cost.LiveSeconds)} of the training below{instead}";
    }

    private static PlanLine Memory() =>
        new("memory", string.Create(CultureInfo.InvariantCulture, $"about {Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20):N0} MiB"));

    private static string Seeds(IReadOnlyList<long> seeds) => seeds.Count == 1 ? "one seed" : $"{seeds.Count} seeds";

    /// <summary>What the run's log will note of its data.</summary>
    private static IEnumerable<string> Remarks(PreparedData data) => data.Remarks.Concat(data.Overlaps.Select(RunDescription.Of));

    /// <summary>What of a recipe is planned.</summary>
    private enum Part
    {
        All,

        /// <summary>Only what differs between the variants of a study: the models that learn from the teacher.</summary>
        Students,
    }

    private static List<PlanLine> Data(PreparedRun run)
    {
        List<PlanLine> lines = [.. run.Tasks.Select(t => new PlanLine(Title(t.Name, "data"), Data(t.Data)))];
        if (run.Tasks[0].Data is { Tokenizer: { } tokenizer } data)
            lines.Add(new("tokenizer", string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens, texts truncated to {data.Context.MaxTokens}")));
        lines.AddRange(run.Tasks.Where(t => t.Recipe.Evaluate.Generation is not null).Select(t => new PlanLine(Title(t.Name, "generated texts"), Texts(t))));
        return lines;
    }

    private static string Texts(PreparedTask task)
    {
        var options = task.Recipe.Evaluate.Generation!;
        var prompts = TestPrompts.Of(task.Data, options).Prompts.Count;
        var judge = options.Judge is { } j ? string.Create(CultureInfo.InvariantCulture, $"; {j.Model} judges student against {(task.Data.MeasuresTeacher ? "control and teacher" : "control")}, at most {2 * prompts:N0} questions each") : "";
        return string.Create(CultureInfo.InvariantCulture, $"each model continues {prompts:N0} test prompts by at most {options.MaxNewTokens:N0} tokens{judge}");
    }

    private static string Data(PreparedData data)
    {
        var labels = data.LabelledTransferSet.Count == data.Train.LabelledCount ? "" : $"; the student sees {data.TransferSet.Count:N0}, {data.TransferSet.LabelledCount:N0} of them with their label";
        var what = data.Context.Task switch
        {
            ModelTask.Classification => $"; {data.Classes.Count} classes",
            ModelTask.MultiLabel => $"; {data.Classes.Count} labels",
            ModelTask.TokenClassification => $"; {data.Classes.Count} tags",
            ModelTask.CausalLanguageModel or ModelTask.MaskedLanguageModel when data.Streams.Count > 0 => $"; sequences of {data.Context.MaxTokens} tokens",
            ModelTask.Regression or ModelTask.Embedding when data.IsRanked => $"; queries with documents, {(data.Context.Task == ModelTask.Embedding ? "a vector for each text" : "a score for each document")}",
            ModelTask.Embedding => data.RowsOf(data.Train) > data.Train.Count ? "; pairs of texts, a vector for each text" : "; a vector for each text",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{data.Train.Name}: {data.Train.Count:N0} to train on, {data.Validation?.Count ?? 0:N0} to validate, {data.Test.Count:N0} to test{what}{labels}");
    }

    // Without the updates of an adapter, which are merged in the end.
    private static string Size(Model model) =>
        string.Create(CultureInfo.InvariantCulture, $"{(model is IForeignModel foreign ? foreign.Summary : model.Kind)}, {model.ParameterCount - (model.Adapter?.AddedCount ?? 0):N0} parameters");

    private static string Trained(Model model)
    {
        if (model.Adapter is not { } adapter)
            return "";
        var whole = adapter.TrainedCount - adapter.AddedCount;
        var also = whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and {whole:N0} of the parameters");
        return string.Create(CultureInfo.InvariantCulture, $" (trained: an adapter of {adapter.AddedCount:N0} numbers for {adapter.Layers.Count} layers{also})");
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, seconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };
}
