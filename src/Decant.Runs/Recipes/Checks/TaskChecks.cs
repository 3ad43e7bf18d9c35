using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Text.Tags;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What belongs to one task and not to another.</summary>
internal static class TaskChecks
{
    private const string NumbersObjective = "target-mse";
    private const string ScoresObjective = "pair-similarity";
    private static readonly string[] s_classObjectives =
    [
        "labels", "soft-targets", "reverse-kl", "jensen-shannon", "skew-kl", "skew-reverse-kl", "adaptive-kl", "total-variation", "decoupled", "dist",
    ];
    private static readonly ModelTask[] s_labelled = [ModelTask.Classification, ModelTask.MultiLabel, ModelTask.TokenClassification, ModelTask.Regression];
    private static readonly string[] s_labelSetObjectives = ["binary-cross-entropy", "binary-soft-targets"];
    private static readonly string[] s_rowObjectives = ["cosine", "logit-standardization"];

    public static IEnumerable<RecipeFinding> Keys(Recipe recipe, IKindRegistry kinds)
    {
        var task = recipe.Task;
        if (task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression) && recipe.Input.Kind is not InputKind.Text)
            yield return new("task", $"'{Name(task)}' is for text, and input.kind is {EnumWords.Of(recipe.Input.Kind)}; say classification, multi-label or regression");
        (string Path, bool IsUsed, ModelTask[] For)[] uses =
        [
            ("data.student-labels", recipe.Data.StudentLabels is not null, s_labelled),
            ("data.tag-scheme", recipe.Data.TagScheme is not TagScheme.Auto, [ModelTask.TokenClassification]),
            ("data.imbalance-factor", recipe.Data.ImbalanceFactor is not null, [ModelTask.Classification]),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.sampling", f.Fit.Sampling is not null, (ModelTask[])[ModelTask.Classification])),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.transfer-set.without-classes", f.Fit is DistillSection { TransferSet.WithoutClasses.Count: > 0 }, (ModelTask[])[ModelTask.Classification])),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.transfer-set.labelled-only", f.Fit is DistillSection { TransferSet.LabelledOnly: true }, s_labelled)),
            ("evaluate.tune-bias", recipe.Evaluate.TuneBias.Count > 0, [ModelTask.Classification]),
            ("evaluate.generation", recipe.Evaluate.Generation is not null, [ModelTask.CausalLanguageModel]),
            ("evaluate.prompts", recipe.Evaluate.Prompts?.Count > 0, [ModelTask.CausalLanguageModel]),
            ("input.documents", recipe.Input.Documents is Documents.Separate, [ModelTask.CausalLanguageModel, ModelTask.MaskedLanguageModel]),
            ("input.end-of-text", recipe.Input.EndOfText is not null, [ModelTask.CausalLanguageModel, ModelTask.MaskedLanguageModel]),
            ("input.carry-state", recipe.Input.CarryState is true, [ModelTask.CausalLanguageModel]),
            ("input.untokenized-words", recipe.Input.UntokenizedWords is UntokenizedWords.Unknown, [ModelTask.TokenClassification]),
            ("input.mask", recipe.Input.Mask is not null, [ModelTask.MaskedLanguageModel]),
        ];
        foreach (var (path, _, takers) in uses.Where(u => u.IsUsed && !u.For.Contains(task)))
            yield return new(path, $"'{path[(path.LastIndexOf('.') + 1)..]}' is for {string.Join(" and ", takers.Select(Name))}, and the task is {Name(task)}; leave it out");
        if (recipe.Input is { CarryState: true, Documents: Documents.Separate })
            yield return new("input.documents", "a state that is carried on crosses from document to document; leave 'documents: separate' out, or 'carry-state'");
    }

    public static IEnumerable<RecipeFinding> Objectives(Recipe recipe, IKindRegistry kinds)
    {
        var task = recipe.Task;
        foreach (var (path, objective) in AllObjectives(recipe))
        {
            var kind = kinds.KindOf(Sections.Objective, objective);
            if (kind == NumbersObjective && task is not ModelTask.Regression)
                yield return new(path, $"'{NumbersObjective}' needs numbers, and the task is {Name(task)}; use {(task is ModelTask.Embedding ? ScoresObjective : "labels")}");
            if (kind == ScoresObjective && task is not ModelTask.Embedding)
                yield return new(path, $"'{ScoresObjective}' needs pairs of texts with an embedding for each, and the task is {Name(task)}; use {(task is ModelTask.Regression ? NumbersObjective : task is ModelTask.MultiLabel ? s_labelSetObjectives[0] : "labels")}");
            if (s_labelSetObjectives.Contains(kind) && task is not ModelTask.MultiLabel)
                yield return new(path, $"'{kind}' is for samples with any number of labels (task: multi-label), and the task is {Name(task)}; use {(kind == s_labelSetObjectives[0] ? task is ModelTask.Regression ? NumbersObjective : "labels" : "soft-targets")}");
            if (task is ModelTask.MultiLabel && (s_classObjectives.Contains(kind) || kind == "soft-cross-entropy"))
                yield return new(path, $"'{kind}' is about one class among others, and here a sample has any number of labels; use {s_labelSetObjectives[0]} for the data's labels, and {s_labelSetObjectives[1]} or logits-mse for the teacher's answers");
            if (task is ModelTask.Regression && s_classObjectives.Contains(kind))
                yield return new(path, $"'{kind}' is about classes, and a regression has none; use {NumbersObjective} for the data's numbers, and logits-mse for the teacher's");
            if (task is ModelTask.Regression && s_rowObjectives.Contains(kind))
                yield return new(path, $"'{kind}' looks at the form of an answer and not at its size, which is what a regression is about; use logits-mse");
            if (task is ModelTask.Embedding && s_classObjectives.Contains(kind))
                yield return new(path, $"'{kind}' is about classes, and an embedding has none; use logits-mse or cosine, or {ScoresObjective} for the scores of pairs");
        }
    }

    /// <summary>Every objective of a recipe with its place, those that others are made of too.</summary>
    public static IEnumerable<(string Path, ObjectiveOptions Objective)> AllObjectives(Recipe recipe) =>
        recipe.LargeModels().SelectMany(t => Under($"{t.Path}.train.objectives", t.Section.Train?.Objectives ?? []))
            .Concat(RecipeChecks.DistillSections(recipe).SelectMany(l => Under($"{l.Path}.objectives", l.Section.Objectives)));

    /// <summary>The objectives of a list, and those that they are made of.</summary>
    private static IEnumerable<(string Path, ObjectiveOptions Objective)> Under(string path, IReadOnlyList<ObjectiveOptions> objectives) =>
        objectives.SelectMany((objective, i) => WithInner(RecipePath.Item(path, i), objective));

    private static IEnumerable<(string Path, ObjectiveOptions Objective)> WithInner(string path, ObjectiveOptions objective) =>
        RecipeProperty.Of(objective.GetType()).Where(p => p.Choice is { Section: Sections.Objective })
            .SelectMany(p => p.Info.GetValue(objective) is ObjectiveOptions inner ? WithInner(RecipePath.Key(path, p.Key), inner) : [])
            .Prepend((path, objective));

    private static string Name(ModelTask task) => EnumWords.Of(task);
}
