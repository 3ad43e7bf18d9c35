using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Writing;

/// <summary>Recipes as text.</summary>
public static class RecipeYaml
{
    /// <summary>The recipe as it will run: every default written out, variables resolved, paths in full.</summary>
    /// <param name="document">The recipe as it was read.</param>
    /// <returns>YAML that reads back to an equal recipe.</returns>
    public static string ToYaml(this RecipeDocument document) => document.MultiTask is null ? RecipeWriter.Write(document.Recipe, document.Kinds) : RecipeWriter.Write(document.MultiTask, document.Kinds);

    internal static string ToYaml<TRecipe>(this IRunRecipe<TRecipe> recipe, IKindRegistry kinds) where TRecipe : IRunRecipe<TRecipe> =>
        recipe is MultiTaskRecipe several ? RecipeWriter.Write(several, kinds) : RecipeWriter.Write((Recipe)(object)recipe, kinds);
}
