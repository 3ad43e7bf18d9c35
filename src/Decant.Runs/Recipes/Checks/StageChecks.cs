using System.Text.RegularExpressions;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>What the stages of a distillation must be among themselves.</summary>
internal static partial class StageChecks
{
    public static IEnumerable<RecipeFinding> Whole(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
        {
            if (distill.Stages is not { } stages) continue;
            if (stages.Count == 0) yield return new($"{path}.stages", "'stages' is an empty list; name at least one, or leave it out");
            const string Own = "is a key of each stage where there are stages; move it there";
            if (distill.Objectives.Count > 0) yield return new($"{path}.objectives", $"'objectives' {Own}");
            if (distill.Epochs is not null) yield return new($"{path}.epochs", $"'epochs' {Own}");
            if (distill.Steps is not null) yield return new($"{path}.steps", $"'steps' {Own}");
            if (distill.WarmUp is not null) yield return new($"{path}.warm-up", "a warm-up is a stage like others when there are stages; write it as the first of them");
            for (var i = 0; i < stages.Count; i++)
                if (stages[i].Options is { BestBy: { } best, EarlyStopping.Metric: { } metric } && best != metric && stages[i].Own(distill) is { BestBy: null } or { EarlyStopping: null })
                    yield return new($"{path}.stages[{i}]", $"'best-by' is {best} and early-stopping's metric {metric}, of which {path} says one; one metric decides both, say one of them here");
        }
    }

    public static IEnumerable<RecipeFinding> Pruning(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in RecipeChecks.Fits(recipe).Select(f => (f.Path, f.Fit as DistillSection)))
        {
            if (section?.Pruning?.Fault() is { } fault)
                yield return new($"{path}.pruning.{fault.Key}", fault.Fault);
        }

        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
        {
            if (distill is { Pruning: not null, Stages: not null })
                yield return new($"{path}.pruning", "each stage would begin to prune anew; move 'pruning' to the last stage");
            for (var i = 0; i < (distill.Stages?.Count ?? 0) - 1; i++)
                if (distill.Stages![i].Options.Pruning is not null)
                    yield return new($"{path}.stages[{i}].pruning", "the stages after it would train the pruned weights again; move 'pruning' to the last stage");
        }
    }

    public static IEnumerable<RecipeFinding> Names(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < (distill.Stages?.Count ?? 0); i++)
            {
                var name = distill.Stages![i].Name;
                if (!Name().IsMatch(name))
                    yield return new($"{path}.stages[{i}].name", $"'{name}' is not a valid name of a stage: expected letters, digits, '-' and '_', at most 40; such as 'representations'");
                else if (!seen.Add(name))
                    yield return new($"{path}.stages[{i}].name", $"two stages have the name '{name}'; give each its own");
            }
        }
    }

    public static IEnumerable<RecipeFinding> Blockwise(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, distill) in RecipeChecks.Distillations(recipe))
        {
            if (distill.Blockwise is not { } blockwise) continue;
            if (blockwise is { EpochsPerBlock: null, StepsPerBlock: null })
                yield return new($"{path}.blockwise", $"{path}.blockwise must say how long each block is trained: epochs-per-block or steps-per-block");
            if (blockwise is { EpochsPerBlock: not null, StepsPerBlock: not null })
                yield return new($"{path}.blockwise.steps-per-block", "both 'epochs-per-block' and 'steps-per-block' are given; keep one");
            if (blockwise.Objectives.Count == 0)
                yield return new($"{path}.blockwise.objectives", "the objectives of blockwise training are an empty list; leave them out for hidden-states");
            if (blockwise.Objectives.Count > 0 && blockwise.Objectives.All(o => o.Weight.Largest == 0))
                yield return new($"{path}.blockwise.objectives", "every objective has the weight 0; there is nothing to minimise");
            for (var i = 0; i < (distill.Stages?.Count ?? 0); i++)
                if (Block().IsMatch(distill.Stages![i].Name))
                    yield return new($"{path}.stages[{i}].name", $"'{distill.Stages[i].Name}' is the name of a stage of the blockwise training; take another");
            if (!recipe.HasTeacher())
                yield return new($"{path}.blockwise", "blockwise training compares layers with those of a teacher, and the recipe has none; add a teacher section");
        }
    }

    public static IEnumerable<RecipeFinding> Parts(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit is not DistillSection section) continue;
            if (section.Train is { Count: 0 }) yield return new($"{path}.train", "'train' is an empty list, so nothing would be trained; name parts, or leave it out for all of them");
            if (section.Freeze is { Count: 0 }) yield return new($"{path}.freeze", "'freeze' is an empty list; name parts, or leave it out");
        }
    }

    public static IEnumerable<RecipeFinding> Transfers(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
            if (fit is DistillSection { TransferSet: { Data: not null, WithoutClasses.Count: > 0 } })
                yield return new($"{path}.transfer-set.without-classes", "the labels of 'transfer-set.data' are not looked at, so no class can be left out; leave one of the two out");
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
            if (fit is DistillSection { TransferSet: { Data: not null, LabelledOnly: true } })
                yield return new($"{path}.transfer-set.labelled-only", "the labels of 'transfer-set.data' are not looked at, so none of its samples has one; leave one of the two out");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
            foreach (var finding in NGrams(recipe, kinds, $"{path}.transfer-set.n-grams", section))
                yield return finding;
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
            if (section is { TransferSet.Data: not null, Objectives.Count: > 0 } && recipe.Teacher is { Chat: null or { Write: null } } && !section.Objectives.Any(o => TeacherChecks.NeedsTeacher(o, kinds)))
                yield return new($"{path}.objectives", "every objective here learns from labels, and those of 'transfer-set.data' are not looked at; add one that compares with the teacher");
    }

    private static IEnumerable<RecipeFinding> NGrams(Recipe recipe, IKindRegistry kinds, string path, DistillSection section)
    {
        if (section.TransferSet?.NGrams is not { } ngrams)
            yield break;
        if (recipe.Input.Kind != InputKind.Text || recipe.Task is not (ModelTask.Classification or ModelTask.MultiLabel or ModelTask.Regression or ModelTask.Embedding))
            yield return new(path, "n-grams are cut out of single texts that are classified, scored or made into vectors, and these samples are others; leave n-grams out");
        if (ngrams.Shortest > ngrams.Longest)
            yield return new($"{path}.shortest", $"an n-gram has at least {ngrams.Shortest} words and at most {ngrams.Longest}; make 'shortest' smaller, or 'longest' larger");
        if (section.TransferSet.LabelledOnly)
            yield return new(path, "n-grams have no label, and 'labelled-only' leaves out what has none; leave one of the two out");
        if (recipe.Teacher is { Chat: not null } or { Embeddings: not null })
            yield return new(path, "a teacher behind an API is asked about the texts of data, each of which costs; leave n-grams out, or write them into a file and give that as data");
        if (section.Objectives.Count > 0 && !section.Objectives.Any(o => TeacherChecks.NeedsTeacher(o, kinds)))
            yield return new($"{path}", "n-grams have no label, and every objective here learns from labels; add one that compares with the teacher, or leave n-grams out");
    }

    [GeneratedRegex(@"^block-[0-9]+\z", RegexOptions.IgnoreCase)]
    private static partial Regex Block();

    [GeneratedRegex(@"^[\p{L}\p{Nd}_-]{1,40}\z")]
    private static partial Regex Name();
}
