using System.Globalization;
using Decant.Data.Batching;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class TrainingChecks
{
    private const double Rounding = 1e-9;

    public static IEnumerable<RecipeFinding> Length(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe).Where(f => f.Fit is not DistillSection { Stages: not null }))
        {
            if (fit is { Epochs: null, Steps: null }) yield return new(path, $"{path} must say how long: epochs or steps");
            if (fit is { Epochs: not null, Steps: not null }) yield return new($"{path}.steps", $"both 'epochs' and 'steps' are given under {path}; keep one");
        }
    }

    public static IEnumerable<RecipeFinding> Sampling(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit is { Sampling: not null, BatchTokens: not null })
                yield return new($"{path}.batch-tokens", $"batches limited by tokens cannot sample classes, and both are given under {path}; keep 'sampling' with 'batch', or 'batch-tokens'");
            if (fit.Sampling is { Beta: not null, Classes: not ClassShares.EffectiveNumber })
                yield return new($"{path}.sampling.beta", "'beta' belongs to 'classes: effective-number'; leave it out, or say that");
        }
    }

    public static IEnumerable<RecipeFinding> Metrics(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit is { BestBy: { } best, EarlyStopping.Metric: { } metric } && best != metric)
                yield return new($"{path}.early-stopping.metric", $"'best-by' is {best} and early-stopping's metric {metric}; one metric decides both, leave one out");
        }
    }

    public static IEnumerable<RecipeFinding> Objectives(Recipe recipe, IKindRegistry kinds)
    {
        const string Empty = "is an empty list; there is nothing to minimise";
        foreach (var (path, teacher) in recipe.LargeModels())
            if (teacher.Train?.Objectives.Count == 0) yield return new($"{path}.train.objectives", $"{path}.train.objectives {Empty}");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Objectives.Count == 0) yield return new($"{path}.objectives", $"{path} has no objectives; there is nothing to minimise{(path == "distill" ? ": give objectives, or stages that have some" : "")}");
            else if (section.Objectives.All(o => o.Weight.Largest == 0))
                yield return new($"{path}.objectives", "every objective has the weight 0; there is nothing to minimise");
        }
    }

    public static IEnumerable<RecipeFinding> Balance(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section is not { Combination: Decant.Runs.Recipes.Schema.Balance.Convex, Objectives: { Count: > 0 } objectives }) continue;
            for (var i = 0; i < objectives.Count; i++)
                if (objectives[i].Weight.Largest is < 0 or > 1)
                    yield return new($"{path}.objectives[{i}].weight", $"'combination: convex' needs weights from 0 to 1, came {Text(objectives[i].Weight.Largest)}");
            // Weights that change by one form sum to 1 in between where they do at both ends; of a line and a cosine that is not so.
            var sums = new[] { 0, 0.25, 1 }.Select(progress => objectives.Sum(o => o.Weight.At(progress))).ToArray();
            if (sums.Where(sum => Math.Abs(sum - 1) > Rounding).Select(sum => (double?)sum).FirstOrDefault() is { } wrong)
                yield return new($"{path}.combination", $"'combination: convex' needs weights that sum to 1, these sum to {Text(wrong)}{(objectives.All(o => o.Weight.IsConstant) ? "" : " at some point of the training")}; use combination: sum for plain weights");
        }
    }

    public static IEnumerable<RecipeFinding> BatchOfOne(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
            if (section.Batch == 1 && section.Objectives.Select(o => kinds.Find(Sections.Objective, o)).FirstOrDefault(k => k?.ComparesSamples is true) is { } comparing)
                yield return new($"{path}.batch", $"'{comparing.Kind}' compares the samples of a batch, and batches of {section.Batch} have nothing to compare; 'accumulate' does not help; make the batch larger, or leave the objective out");
    }

    private static string Text(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "none";
}
