using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Fuzz;

/// <summary>The recipes and studies that come along.</summary>
internal static class RecipeSeeds
{
    // 100,000 values are read before more are refused, and what a fault says of a list is made of them.
    private const long Most = 128 << 20;

    private static readonly RecipeReader s_recipes = new(Catalog.Standard.Kinds) { Environment = _ => "1" };
    private static readonly StudyReader s_studies = new(Catalog.Standard.Kinds) { Environment = _ => "1" };

    public static IEnumerable<FuzzSeed> All()
    {
        foreach (var file in Directory.GetFiles(Repository.Find("recipes"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            yield return new("recipe", "recipe.yaml", File.ReadAllBytes(file), YamlDamage.Of, Read) { BytesPerByte = 4096, BytesPerFile = Most };
        foreach (var file in Directory.GetFiles(Repository.Find("studies"), "*.yaml").Order(StringComparer.Ordinal))
            yield return new("study", "study.yaml", File.ReadAllBytes(file), YamlDamage.Of, folder => s_studies.Read(Path.Combine(folder, "study.yaml"))) { BytesPerByte = 4096, BytesPerFile = Most };
        foreach (var name in new[] { "former.yaml", "former-study.yaml" })
            yield return new("recipe: upgrade", name, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "recipes", name)), YamlDamage.Of, folder => RecipeUpgrade.Of(RecipeText.Read(Path.Combine(folder, name)), Path.Combine(folder, name)))
            {
                BytesPerByte = 4096,
                BytesPerFile = Most,
            };
    }

    private static void Read(string folder)
    {
        var path = Path.Combine(folder, "recipe.yaml");
        _ = RecipeHeader.Read(path);
        var document = s_recipes.Read(path);
        _ = document.ToYaml();
    }
}
