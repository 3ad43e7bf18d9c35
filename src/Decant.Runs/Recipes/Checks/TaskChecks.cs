using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

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
    private static readonly RecipeTask[] s_labelled = [RecipeTask.Classification, RecipeTask.TokenClassification, RecipeTask.Regression];
    private static readonly string[] s_rowObjectives = ["cosine", "logit-standardization"];

    public static IEnumerable<RecipeFinding> Keys(Recipe recipe, IKindRegistry kinds)
    {
        var task = recipe.Task;
        if (task is not RecipeTask.Classification and not RecipeTask.Regression && recipe.Input.Kind is not InputKind.Text)
            yield return new("task", $"'{Name(task)}' is for text, and input.kind is {KebabCase.FromPascal(recipe.Input.Kind.ToString())}; say classification or regression");
        (string Path, bool IsUsed, RecipeTask[] For)[] uses =
        [
            ("data.student-labels", recipe.Data.StudentLabels is not null, s_labelled),
            ("data.tag-scheme", recipe.Data.TagScheme is not TagSchemeName.Auto, [RecipeTask.TokenClassification]),
            ("data.imbalance-factor", recipe.Data.ImbalanceFactor is not null, [RecipeTask.Classification]),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.sampling", f.Fit.Sampling is not null, (RecipeTask[])[RecipeTask.Classification])),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.transfer-set.without-classes", f.Fit is DistillSection { TransferSet.WithoutClasses.Count: > 0 }, (RecipeTask[])[RecipeTask.Classification])),
            .. RecipeChecks.Fits(recipe).Select(f => ($"{f.Path}.transfer-set.labelled-only", f.Fit is DistillSection { TransferSet.LabelledOnly: true }, s_labelled)),
            ("evaluate.tune-bias", recipe.Evaluate.TuneBias.Count > 0, [RecipeTask.Classification]),
            ("evaluate.prompts", recipe.Evaluate.Prompts?.Count > 0, [RecipeTask.CausalLm]),
            ("input.documents", recipe.Input.Documents is Documents.Separate, [RecipeTask.CausalLm, RecipeTask.MaskedLm]),
            ("input.end-of-text", recipe.Input.EndOfText is not null, [RecipeTask.CausalLm, RecipeTask.MaskedLm]),
            ("input.carry-state", recipe.Input.CarryState is true, [RecipeTask.CausalLm]),
            ("input.untokenized-words", recipe.Input.UntokenizedWords is UntokenizedWords.Unknown, [RecipeTask.TokenClassification]),
            ("input.mask", recipe.Input.Mask is not null, [RecipeTask.MaskedLm]),
        ];
        foreach (var (path, _, takers) in uses.Where(u => u.IsUsed && !u.For.Contains(task)))
            yield return new(path, $"'{path[(path.LastIndexOf('.') + 1)..]}' is for {string.Join(" and ", takers.Select(Name))}, and the task is {Name(task)}; leave it out");
        if (recipe.Input is { CarryState: true, Documents: Documents.Separate })
            yield return new("input.documents", "a state that is carried on crosses from document to document; leave 'documents: separate' out, or 'carry-state'");
    }

    public static IEnumerable<RecipeFinding> Objectives(Recipe recipe, IKindRegistry kinds)
    {
        var task = recipe.Task;
        foreach (var (path, objective) in All(recipe))
        {
            if (objective.Kind == NumbersObjective && task is not RecipeTask.Regression)
                yield return new(path, $"'{NumbersObjective}' needs numbers, and the task is {Name(task)}; use {(task is RecipeTask.Embedding ? ScoresObjective : "labels")}");
            if (objective.Kind == ScoresObjective && task is not RecipeTask.Embedding)
                yield return new(path, $"'{ScoresObjective}' needs pairs of texts with an embedding for each, and the task is {Name(task)}; use {(task is RecipeTask.Regression ? NumbersObjective : "labels")}");
            if (task is RecipeTask.Regression && s_classObjectives.Contains(objective.Kind))
                yield return new(path, $"'{objective.Kind}' is about classes, and a regression has none; use {NumbersObjective} for the data's numbers, and logits-mse for the teacher's");
            if (task is RecipeTask.Regression && s_rowObjectives.Contains(objective.Kind))
                yield return new(path, $"'{objective.Kind}' looks at the form of an answer and not at its size, which is what a regression is about; use logits-mse");
            if (task is RecipeTask.Embedding && s_classObjectives.Contains(objective.Kind))
                yield return new(path, $"'{objective.Kind}' is about classes, and an embedding has none; use logits-mse or cosine, or {ScoresObjective} for the scores of pairs");
        }
    }

    private static IEnumerable<(string Path, Choice Objective)> All(Recipe recipe) =>
        recipe.LargeModels().SelectMany(t => Under($"{t.Path}.train.objectives", t.Section.Train?.Objectives ?? []))
            .Concat(RecipeChecks.DistillSections(recipe).SelectMany(l => Under($"{l.Path}.objectives", l.Section.Objectives)));

    /// <summary>The objectives of a list, and those that they are made of.</summary>
    private static IEnumerable<(string Path, Choice Objective)> Under(string path, IReadOnlyList<Choice> objectives) =>
        objectives.SelectMany((objective, i) => WithInner(RecipePath.Item(path, i), objective));

    private static IEnumerable<(string Path, Choice Objective)> WithInner(string path, Choice objective) =>
        RecipeProperty.Of(objective.Options.GetType()).Where(p => p.Choice is { Section: Sections.Objective })
            .SelectMany(p => p.Info.GetValue(objective.Options) is Choice inner ? WithInner(RecipePath.Key(path, p.Key), inner) : [])
            .Prepend((path, objective));

    private static string Name(RecipeTask task) => KebabCase.FromPascal(task.ToString());
}
