using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

internal static class SeedChecks
{
    public static IEnumerable<RecipeFinding> Seeds(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Seeds is not { } seeds) yield break;
        if (recipe.Seed is not null) yield return new("seeds", "both 'seed' and 'seeds' are given; keep one");
        if (seeds.Count == 0) yield return new("seeds", "'seeds' is an empty list; name at least one, or leave it out");
        if (seeds.GroupBy(s => s).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new("seeds", $"the seed {twice.Key} stands twice in 'seeds'; the same seed gives the same run");
    }
}
