using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class DataChecks
{
    public static IEnumerable<RecipeFinding> Test(Recipe recipe, IKindRegistry kinds)
    {
        var data = recipe.Data;
        if (data.Test is null && data.Split?.Test is null)
            yield return new("data", "nothing to measure on: give data.test, or take a part of the training samples with data.split: { test: 0.2 }");
        if (data.Test is not null && data.Split?.Test is not null)
            yield return new("data.split.test", "both data.test and data.split.test are given; keep one");
        if (data.Split is { Validation.Share: { } validation, Test.Share: { } test } && validation + test >= 1)
            yield return new("data.split", FormattableString.Invariant($"validation {validation} and test {test} leave nothing to learn from; together they must be below 1"));
    }

    public static IEnumerable<RecipeFinding> Validation(Recipe recipe, IKindRegistry kinds)
    {
        var data = recipe.Data;
        if (data.Validation is not null && data.Split?.Validation is not null)
            yield return new("data.split.validation", "both data.validation and data.split.validation are given; keep one");
        if (data.Validation is not null || data.Split?.Validation is not null) yield break;

        const string Needed = "needs validation samples; give data.validation, or data.split: { validation: 0.1 }";
        foreach (var (path, fit) in RecipeChecks.Fits(recipe))
        {
            if (fit.BestBy is not null) yield return new($"{path}.best-by", $"'best-by' {Needed}");
            if (fit.ValidateEvery is not null) yield return new($"{path}.validate-every", $"'validate-every' {Needed}");
            if (fit.EarlyStopping is not null) yield return new($"{path}.early-stopping", $"'early-stopping' {Needed}");
        }

        if (recipe.Evaluate.TuneBias.Count > 0) yield return new("evaluate.tune-bias", $"'tune-bias' {Needed}");
    }
}
