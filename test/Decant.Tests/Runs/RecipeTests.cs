using Decant.Runs;
using Decant.Runs.Recipes.Reading;

namespace Decant.Tests.Runs;

public class RecipeTests
{
    [Fact]
    public void Every_recipe_that_comes_along_is_right()
    {
        var files = Directory.GetFiles(Repository.Find("recipes"), "*.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var reader = new RecipeReader(Catalog.Standard.Kinds) { Environment = name => name == "DECANT_DATA" ? "/data" : null };
        foreach (var file in files)
        {
            var document = reader.Read(file);
            Assert.NotEmpty(document.MultiTask?.Name ?? document.Recipe.Name);
        }
    }
}
