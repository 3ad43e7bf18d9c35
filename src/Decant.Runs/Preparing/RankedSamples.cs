using Decant.Data;
using Decant.Data.Retrieval;
using Decant.Data.Splitting;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Objectives.Ranking;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>Queries with documents: a regression scores each query with each document (a cross-encoder), an embedding makes a vector of each text and compares them (a bi-encoder).</summary>
internal static class RankedSamples
{
    /// <summary>What the cosines of a teacher that makes vectors are multiplied by where it teaches a student that gives scores; the default of the objectives.</summary>
    public const double TeacherScale = 20;

    /// <summary>Whether samples are queries with documents.</summary>
    public static bool Are(Dataset samples) => samples.Count > 0 && samples[0].Content is RankingContent;

    /// <summary>Refuses what does not go with samples that are ranked, or with those that are not.</summary>
    /// <exception cref="DecantException">Every fault, with its place in the recipe.</exception>
    public static void Check(Recipe recipe, DataSplits splits, IKindRegistry kinds)
    {
        var faults = new List<string>();
        var isRanked = Are(splits.Train);
        foreach (var (name, samples) in new[] { ("validation", splits.Validation), ("test", splits.Test) })
            if (samples is not null && Are(samples) != isRanked)
                faults.Add($"data.{name}: {samples.Name}: expected {(isRanked ? "queries with documents" : "samples")} as in the training split, came {(isRanked ? "others" : "queries with documents")}; give all splits a source of one kind.");
        if (isRanked && recipe.Task is not (ModelTask.Regression or ModelTask.Embedding))
            faults.Add($"task: the samples are queries with documents, which '{EnumWords.Of(recipe.Task)}' does not put in order; say 'regression' (a cross-encoder, which scores a query with a document) or 'embedding' (a bi-encoder, which compares vectors).");
        if (recipe.Teacher?.Task is { } its && (!isRanked || its is not (ModelTask.Regression or ModelTask.Embedding)))
            faults.Add($"teacher.task: '{EnumWords.Of(its)}' {(isRanked ? "does not put documents in order; say regression or embedding" : "is for a teacher of queries with documents, and the samples are none; leave it out")}.");
        foreach (var (path, objective) in TaskChecks.AllObjectives(recipe))
        {
            var kind = kinds.KindOf(Sections.Objective, objective);
            if (objective is RankingOptions != isRanked && (objective is RankingOptions || NeedsOtherLabels(objective)))
                faults.Add($"{path}: '{kind}' {(isRanked ? "learns from other labels than the grades of documents; use ranking-labels" : "is about the order of a query's documents, and the samples are none; give a source such as 'kind: rankings', or another objective")}.");
        }

        if (faults.Count > 0)
            throw new DecantException(string.Join('\n', faults));
    }

    /// <summary>The task of the teacher where it is not the student's: a cross-encoder teaches a bi-encoder, or the other way round; null: it is the same.</summary>
    public static ModelTask? TaskOfTeacher(Recipe recipe, DataSplits splits)
    {
        if (!Are(splits.Train) || recipe.Teacher is not { } teacher)
            return null;
        var task = teacher.Task ?? (teacher is { Load: { } folder, NewHead: false } && File.Exists(Path.Combine(folder, ModelFolder.ConfigName)) ? ModelFolder.ReadConfig(folder).Task : recipe.Task);
        if (task == recipe.Task || task is not (ModelTask.Regression or ModelTask.Embedding))
            return null;
        return Obstacle(recipe) is not { } obstacle ? task : throw new DecantException(
            $"The teacher {(task == ModelTask.Regression ? "scores a query with a document" : "makes vectors")}, the student {(task == ModelTask.Regression ? "makes vectors" : "scores a query with a document")}, so they read other texts: {obstacle}.");
    }

    /// <summary>The scores that BM25 gives the documents of each query of a split, whose documents are the collection; computed when first needed.</summary>
    public static Func<SampleId, double[]?> WordScores(Dataset split)
    {
        var scores = new Lazy<Dictionary<SampleId, double[]>>(() => Scored(split));
        return id => scores.Value.GetValueOrDefault(id);
    }

    private static Dictionary<SampleId, double[]> Scored(Dataset split)
    {
        var samples = Enumerable.Range(0, split.Count).Select(i => split[i]).ToArray();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var document in samples.SelectMany(s => ((RankingContent)s.Content).Documents))
            numbers.TryAdd(document, numbers.Count);
        var index = new Bm25([.. numbers.Keys]);
        return samples.ToDictionary(s => s.Id, s =>
        {
            var (content, of) = ((RankingContent)s.Content, index.Scores(((RankingContent)s.Content).Query));
            return content.Documents.Select(d => of[numbers[d]]).ToArray();
        });
    }

    private static bool NeedsOtherLabels(ObjectiveOptions objective) => objective is Decant.Objectives.Logits.TargetMse or Decant.Objectives.Relations.PairSimilarity;

    private static string? Obstacle(Recipe recipe) =>
        recipe.Assistants is { Count: > 0 } ? "assistants stand between two models of one kind; leave them out"
        : recipe.Student.IsPartOfTeacher ? "a student cannot begin as a part of such a teacher; say with 'student.load' which model it begins as, or give student.model"
        : RecipeChecks.DistillSections(recipe).SelectMany(s => s.Section.Objectives).Any(o => o.ReadsFeatures) ? "an objective compares inner values of the tokens; leave it out"
        : null;
}
