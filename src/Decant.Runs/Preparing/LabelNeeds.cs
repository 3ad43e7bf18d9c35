using System.Globalization;
using Decant.Data;
using Decant.Data.Labels;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Objectives.Logits;
using Decant.Objectives.Ranking;
using Decant.Objectives.Relations;
using Decant.Runs.Recipes.Checks;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Preparing;

/// <summary>What a recipe needs labels of its training samples for, where they may have none because the teacher says what is to be learned.</summary>
internal static class LabelNeeds
{
    /// <summary>Whether samples have labels that can be learned from without a teacher: classes, tags, numbers, the scores of pairs; a language model's text is its own.</summary>
    public static bool AreThere(ModelTask task, Dataset samples) =>
        samples.LabelledCount > 0 && (task != ModelTask.Embedding || samples.LabelKind is LabelKind.Numbers or LabelKind.Grades);

    /// <summary>Why there can be no control.</summary>
    public static string NoControl(ModelTask task, Dataset train) =>
        $"the training samples of {train.Name} have no {Words(task)}, so without the teacher there is nothing to learn from";

    /// <summary>Unlabelled training samples with the classes that the loaded teacher names, in its order; samples that name classes stay as they are.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="train">Its training source.</param>
    /// <param name="measuring">The sources that are measured on; null where one is not given.</param>
    /// <exception cref="DecantException">What is measured on has a label that the teacher does not know.</exception>
    public static Dataset Named(Recipe recipe, Dataset train, IReadOnlyList<Dataset?> measuring)
    {
        if (recipe.Task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.TokenClassification) || train.Classes.Count > 0)
            return train;
        var named = recipe.LargeModels().Where(t => t.Section.Load is not null && !t.Section.NewHead).Select(t => (t.Section.Load, Classes: StoredClasses.Of(t.Section.Load!))).FirstOrDefault(t => t.Classes is not null);
        if (named.Classes is not { } classes)
            return train;
        foreach (var split in measuring.OfType<Dataset>())
        {
            if (Unknown(split, classes) is { } fault)
            {
                throw new DecantException(
                    $"{fault} is not one of the {classes.Count} classes of the teacher in {named.Load} ({ModelStore.Shown(classes)}). " +
                    "The training samples have no labels, so the classes are the teacher's: take these samples out, or load a teacher that knows them.");
            }
        }

        return train.WithClasses(classes);
    }

    /// <summary>Refuses what needs labels where the training samples have none.</summary>
    /// <exception cref="DecantException">Everything that needs them, each with its place.</exception>
    public static void Check(Recipe recipe, Dataset train, IKindRegistry kinds)
    {
        if (AreThere(recipe.Task, train))
            return;
        var what = Words(recipe.Task);
        string[] faults = [.. Keys(recipe), .. recipe.LargeModels().SelectMany(t => Under($"{t.Path}.train.objectives", t.Section.Train?.Objectives ?? [], kinds)
            .Select(p => $"{p}: the teacher is to learn from the {what} of the training samples; load one that has learned ({t.Path}.load), without '{t.Path}.train'")), .. RecipeChecks.DistillSections(recipe)
            .SelectMany(l => Under($"{l.Path}.objectives", l.Section.Objectives, kinds)).Select(p => $"{p}: it learns from the {what} of the training samples; leave it out, and the teacher's answers are learned from alone")];
        if (faults.Length > 0)
        {
            throw new DecantException(string.Create(
                CultureInfo.InvariantCulture, $"{train.Name}: none of the {train.Count:N0} training samples has {Article(recipe.Task)}, and the recipe needs {what}; give samples that have them, or:") + string.Concat(faults.Select(f => $"\n  {f}.")));
        }
    }

    /// <summary>The first label of a split that is none of the classes, with its place.</summary>
    private static string? Unknown(Dataset split, IReadOnlyList<string> classes)
    {
        if (split.Classes.All(classes.Contains))
            return null;
        for (var i = 0; i < split.Count; i++)
        {
            if (split.LabelOf(i) is { } label && !classes.Contains(split.Classes[label]))
                return $"{split.Where(i)}: the label '{split.Classes[label]}'";
            if (split.AnnotationOf(i) is LabelSetAnnotation { Labels: var set } && set.Select(l => split.Classes[l]).FirstOrDefault(l => !classes.Contains(l)) is { } one)
                return $"{split.Where(i)}: the label '{one}'";
            if (split.AnnotationOf(i) is TagAnnotation { Tags: var tags } && tags.Select(t => split.Classes[t]).FirstOrDefault(t => !classes.Contains(t)) is { } tag)
                return $"{split.Where(i)}: the tag '{tag}'";
        }

        return null;
    }

    private static IEnumerable<string> Keys(Recipe recipe)
    {
        if (recipe.Data.StudentLabels is not null) yield return "data.student-labels: there are none to hide; leave it out";
        if (recipe.Data.ImbalanceFactor is not null) yield return "data.imbalance-factor: samples are taken out by their class; leave it out";
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit.Sampling is not null) yield return $"{path}.sampling: samples are drawn by their class; leave it out";
            if (fit is DistillSection { TransferSet.LabelledOnly: true }) yield return $"{path}.transfer-set.labelled-only: nothing would be left; leave it out";
            if (fit is DistillSection { TransferSet.WithoutClasses.Count: > 0 }) yield return $"{path}.transfer-set.without-classes: the classes of the samples are unknown; leave it out";
        }
    }

    private static IEnumerable<string> Under(string path, IReadOnlyList<ObjectiveOptions> objectives, IKindRegistry kinds) =>
        objectives.Select((o, i) => (o, Path: $"{path}[{i}] ({kinds.KindOf(Sections.Objective, o)})")).Where(o => o.o.Weight.Largest > 0 && NeedsLabels(o.o)).Select(o => o.Path);

    private static bool NeedsLabels(ObjectiveOptions options) => options is Labels or BinaryCrossEntropy or TargetMse or PairSimilarity or RankingLabels or Decoupled
        || (options is LogitStandardization standardised && NeedsLabels(standardised.Objective));

    private static string Words(ModelTask task) => task switch
    {
        ModelTask.Embedding => "scores of pairs",
        ModelTask.Regression => "numbers",
        ModelTask.TokenClassification => "tags",
        _ => "labels",
    };

    private static string Article(ModelTask task) => task switch
    {
        ModelTask.Embedding => "a score",
        ModelTask.Regression => "numbers",
        ModelTask.TokenClassification => "tags",
        _ => "a label",
    };
}
