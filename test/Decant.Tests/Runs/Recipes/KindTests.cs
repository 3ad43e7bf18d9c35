using Decant.Data.Splitting;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Writing;
using Decant.Training.Optimizers;

namespace Decant.Tests.Runs.Recipes;

public class KindTests
{
    [Fact]
    public void A_second_kind_with_the_same_options_is_refused()
    {
        var table = KindTable.Empty.With<Sgd>(Sections.Optimizer, "sgd");
        var error = Assert.Throws<ArgumentException>(() => table.With<Sgd>(Sections.Optimizer, "lion"));
        Assert.StartsWith("The kind 'lion' of the section 'optimizer' has the options Sgd, which are those of 'sgd' already; the kind of options follows from their type", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => table.With<Adam>(Sections.Optimizer, "sgd"));
    }

    [Fact]
    public void The_kind_of_options_follows_from_their_type()
    {
        Assert.Equal("sgd", Fakes.Kinds.KindOf(Sections.Optimizer, new SgdLike { LearningRate = 1 }));
        Assert.Null(Fakes.Kinds.Find(Sections.Objective, new SgdLike { LearningRate = 1 }));
    }

    [Fact]
    public void Options_that_no_kind_has_are_not_written()
    {
        var recipe = Fakes.Read(Fakes.Image).Recipe;
        var error = Assert.Throws<DecantException>(() => RecipeWriter.Write(recipe with { Distill = recipe.Distill with { Optimizer = new RmsProp { LearningRate = 1 } } }, Fakes.Kinds));
        Assert.StartsWith("RmsProp: expected options of the section 'optimizer' that the catalog has, SgdLike, AdamLike; add a kind with these options", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(500, "500")]
    public void Numbers_are_shares_below_one_and_counts_from_one(double number, string text) => Assert.Equal(text, ((CountOrFraction)number).ToString());
}
