using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Writing;

/// <summary>Recipes as text.</summary>
internal static class RecipeYaml
{
    /// <summary>The recipe as it will run: every default written out, variables resolved, paths in full.</summary>
    /// <param name="document">The recipe as it was read.</param>
    /// <returns>YAML that reads back to an equal recipe.</returns>
    public static string ToYaml(this RecipeDocument document) => document.Run.ToYaml(document.Kinds);

    /// <summary>The same of a recipe.</summary>
    /// <param name="recipe">Of one task, or of several.</param>
    /// <param name="kinds">The kinds that it is made of.</param>
    public static string ToYaml(this RunRecipe recipe, IKindRegistry kinds) => recipe is MultiTaskRecipe several ? RecipeWriter.Write(several, kinds) : RecipeWriter.Write((Recipe)recipe, kinds);
}
