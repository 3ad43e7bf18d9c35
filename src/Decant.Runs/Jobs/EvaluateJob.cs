using Decant.Data.Splitting;
using Decant.Evaluation;
using Decant.Evaluation.Prediction;
using Decant.Evaluation.Texts;
using Decant.Evaluation.Verdicts;
using Decant.Export;
using Decant.Export.Adapters;
using Decant.Export.Loading;
using Decant.Hub;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Runs.Comparing;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.View;
using Decant.Text.Files;

namespace Decant.Runs.Jobs;

/// <summary>Models that were measured on the same samples.</summary>
/// <param name="Models">Their figures, in the order asked for.</param>
/// <param name="Comparisons">Each further model against the first.</param>
public sealed record EvaluationResult(IReadOnlyList<ModelFigures> Models, IReadOnlyList<Comparison> Comparisons);

/// <summary>Measures trained models side by side on one test split: quality, size, speed, differences with intervals.</summary>
public sealed class EvaluateJob(Catalog catalog)
{
    /// <summary>Measures folders of models or of runs (their student).</summary>
    /// <param name="folders">One or more.</param>
    /// <param name="recipe">The recipe with the test split to use; null: the recipe of the run that the first model came from.</param>
    /// <param name="progress">Gets remarks.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public EvaluationResult Run(IReadOnlyList<string> folders, RecipeDocument? recipe = null, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default) =>
        Run(folders, recipe?.Recipe, progress, cancellationToken);

    /// <summary>As the other, with one task's recipe.</summary>
    internal EvaluationResult Run(IReadOnlyList<string> folders, Recipe? recipe, IProgress<RunEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var paths = folders.Select(f => ModelPath(FetchedModels.Folder(catalog.Fetching, f, FetchPurpose.Model, progress, cancellationToken))).ToArray();
        recipe = FetchedModels.ForMeasuring(catalog.Fetching, recipe ?? RecipeOf(paths[0]), progress, cancellationToken);
        MachineFacts.Prepare(recipe.Threads);
        if (TeacherText.IsTest(recipe))
            progress?.Report(new RunNote { Text = $"Of these figures: {TeacherText.Remark}." });
        using var splits = DataPreparation.Open(catalog, recipe, cancellationToken);
        if (splits.Test is null)
            throw new DecantException($"The recipe {recipe.Name} has no test split to measure on: give one that has, with --recipe.");
        var measured = new List<Candidate>();
        try
        {
            foreach (var (folder, path) in folders.Zip(paths))
                measured.Add(Candidate.Load(Title(folder, folders), path, splits, recipe));
            return Measure(measured, recipe, progress, cancellationToken);
        }
        finally
        {
            foreach (var candidate in measured)
                candidate.Model.Dispose();
        }
    }

    private static EvaluationResult Measure(List<Candidate> candidates, Recipe recipe, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var answers = candidates.Select(c => Predictor.Ask(c.Model, AnswerProgress.Measuring(c.Data.Once(c.Data.Test), "test", c.Name, seed: 0, progress is null ? null : progress.Report), EvaluationTasks.Of(c.Data, c.Data.Test, c.Model, cancellationToken: cancellationToken), Along(candidates, c), cancellationToken)).ToArray();
        var groups = ClassGroups.Of(candidates[0].Data.Train);
        var evaluations = answers.Select(a => a.Evaluate().With(groups, a)).ToArray();
        var texts = Texts(candidates, recipe, progress, cancellationToken);
        var cuts = candidates.SelectMany(c => TruncationReport.OfTest(c.Data, recipe, cancellationToken).Select(cut => $"{c.Name}: {cut}"));
        foreach (var remark in cuts.Concat(evaluations.SelectMany(e => e.Remarks)).Concat(answers.Take(1).Select(WordsAlone.Remark).OfType<string>()).Distinct())
            progress?.Report(new RunNote { Text = remark });
        foreach (var (candidate, answer) in candidates.Zip(answers))
        {
            var trivial = new TrivialAnswerTests(candidate.Data);
            _ = trivial.Test(candidate.Name, answer);
            if (trivial.ShortfallOf(candidate.Name) is { } shortfall)
                progress?.Report(new RunNote { Text = $"{candidate.Name} is not measurably better than {shortfall.Answer}." });
        }

        var latencies = recipe.Evaluate.LatencyRuns > 0
            ? Latency.Measure([.. candidates.Select(c => (c.Name, c.Model, c.Data))], recipe, progress is null ? null : progress.Report, cancellationToken)
            : [];
        var figures = candidates.Select((c, i) => c.Figures(texts.Length > 0 ? evaluations[i] with { Metrics = new Dictionary<string, double>(evaluations[i].Metrics.Concat(texts[i].Metrics())) } : evaluations[i], latencies.Count > 0 ? latencies[i] : null)).ToArray();
        var options = new PairedOptions { Resamples = recipe.Evaluate.Bootstrap, Confidence = recipe.Evaluate.ConfidenceLevel };
        var comparisons = candidates.Skip(1).Select((c, i) =>
        {
            var difference = PairedDifference.Of([answers[i + 1]], [answers[0]], options);
            return difference.ToEvent(c.Name, candidates[0].Name, VerdictSentence.Models(difference, c.Name, candidates[0].Name));
        });
        return new EvaluationResult(figures, [.. comparisons, .. texts.Skip(1).SelectMany((t, i) => TextEvents.Compare(candidates[i + 1].Name, t, candidates[0].Name, texts[0], options))]);
    }

    /// <summary>What each model writes after the same prompts, which are cut by the first model's tokenizer; empty where the recipe asks for none.</summary>
    private static WrittenTexts[] Texts(List<Candidate> candidates, Recipe recipe, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (recipe.Evaluate.Generation is not { } options)
            return [];
        var prompts = TestPrompts.Of(candidates[0].Data, options);
        foreach (var remark in prompts.Remarks)
            progress?.Report(new RunNote { Text = remark });
        return [.. candidates.Select(Write)];

        WrittenTexts Write(Candidate candidate)
        {
            var writing = new TextWriting(candidate.Data, options, prompts);
            writing.Check(candidate.Name, candidate.Model);
            var watch = new AnswerProgress(progress is null ? null : progress.Report, new() { Purpose = AnswersAsked.Texts, Arm = candidate.Name });
            var texts = writing.Write(candidate.Model, watch, cancellationToken)
                ?? throw new DecantException($"{candidate.Path} holds a model of kind '{candidate.Model.Kind}', which writes no texts, and the recipe measures those (evaluate.generation): give a recipe without that, or a causal language model.");
            foreach (var remark in TextEvents.Remarks(candidate.Name, texts, options))
                progress?.Report(new RunNote { Text = remark });
            return texts;
        }
    }

    /// <summary>Embeddings are compared with the vectors of the first model.</summary>
    private static Model? Along(List<Candidate> candidates, Candidate candidate) =>
        candidate.Data is { IsRanked: false, Context.Task: ModelTask.Embedding } ? candidates[0].Model : null;

    /// <summary>The folder of a model: itself, or that of the student of a run.</summary>
    internal static string ModelPath(string folder)
    {
        foreach (var candidate in new[] { folder, Path.Combine(folder, Arms.Student) })
        {
            if (ModelFolder.IsOne(candidate))
                return Path.GetFullPath(candidate);
        }

        if (ModelsBelow(folder) is { Length: > 0 } others)
            throw new DecantException($"{folder} is a run's folder without a student/ of its own; give the model that is meant: {string.Join(", ", others)}.");
        throw new DecantException($"{folder} is neither a model's folder ({ModelFolder.ConfigName}, {ModelFolder.WeightsName}) nor a run's (student/).");
    }

    /// <summary>The models of a run that has no student, or one for each of several tasks.</summary>
    private static string[] ModelsBelow(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "record.jsonl")))
            return [];
        return [.. Directory.GetDirectories(folder).SelectMany(d => Directory.GetDirectories(d).Prepend(d))
            .Where(d => File.Exists(Path.Combine(d, ModelFolder.ConfigName))).Order(StringComparer.Ordinal).Take(8)];
    }

    private Recipe RecipeOf(string path) => FindRecipe(path)
        ?? throw new DecantException($"No recipe.yaml stands above {path}, so there is no test split to measure on: give a recipe with --recipe.");

    /// <summary>The recipe of the run that a model's folder lies in; null: it lies in none.</summary>
    internal Recipe? FindRecipe(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "recipe.yaml");
            if (File.Exists(file))
                return OfTask(new RecipeReader(catalog.Kinds).Read(file), Path.GetRelativePath(folder.FullName, path));
        }

        return null;
    }

    /// <summary>The recipe of the task that a model's folder belongs to, where there are several tasks.</summary>
    private static Recipe OfTask(RecipeDocument document, string path)
    {
        if (document.MultiTask is not { } several)
            return document.Recipe;
        var folders = path.Split(Path.DirectorySeparatorChar);
        return several.Tasks.FirstOrDefault(t => folders.Contains(t.Name)) is { } task
            ? several.Of(task)
            : throw new DecantException($"{path} lies in the folder of none of the tasks of {document.File}; give a model of one of them: {string.Join(", ", several.Tasks.Select(t => $"{t.Name}/student"))}.");
    }

    private static string Title(string folder, IReadOnlyList<string> all)
    {
        if (ModelAddress.IsOne(folder))
            return folder;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return all.Count(f => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))) == name) == 1 ? name : folder;
    }

    private sealed record Candidate(string Name, string Path, Model Model, PreparedData Data)
    {
        public static Candidate Load(string name, string path, DataSplits splits, Recipe recipe)
        {
            var tokenizer = recipe.Input.Kind == InputKind.Text ? TokenizerFile.Load(BaseFolder.ForText(path)) : null;
            var model = ModelFolder.Load(path);
            if (model is IConfigured { Config: { Task: ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification, ClassNames: var names } } && !names.SequenceEqual(splits.Classes))
            {
                model.Dispose();
                throw new DecantException(
                    $"{path} knows the classes {string.Join(", ", names.Take(5))} ({names.Count}), the test split has {string.Join(", ", splits.Classes.Take(5))} ({splits.Classes.Count}): measure it on its own data.");
            }

            // A cross-encoder and a bi-encoder put the same documents in order, each as it reads them.
            var own = RankedSamples.Are(splits.Train) && model is IConfigured { Config.Task: (ModelTask.Regression or ModelTask.Embedding) and var task } ? recipe with { Task = task } : recipe;
            return new Candidate(name, path, model, DataPreparation.With(splits, TeacherImages.AsRead(path, splits, own), tokenizer));
        }

        public ModelFigures Figures(ModelEvaluation evaluation, LatencyResult? latency) => new()
        {
            Name = Name,
            Parameters = Model.ParameterCount,
            Bytes = Weights.FilesOf(Path).Sum(f => new FileInfo(f).Length),
            Flops = Model.FlopsPerSample([.. Data.SampleShape]),
            Metrics = evaluation.Metrics.ToDictionary(m => m.Key, m => Figure.Of([m.Value])),
            Latency = latency?.ToEvent().One,
            SamplesPerSecond = latency?.SamplesPerSecond,
        };
    }
}
