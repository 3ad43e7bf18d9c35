namespace Decant.Tests.Architecture;

public class RecipeReferenceTests
{
    [Fact]
    public void The_page_about_recipes_has_every_key_as_the_code_has_it()
    {
        var now = RecipeReference.Write();
        var page = Repository.Find("docs/recipes.md");
        if (Environment.GetEnvironmentVariable("DECANT_APPROVE") == "1")
            File.WriteAllText(page, now);
        Assert.True(File.ReadAllText(page) == now, "docs/recipes.md is not what the code says. Write it anew: DECANT_APPROVE=1 ./decant test --filter RecipeReference");
    }
}
