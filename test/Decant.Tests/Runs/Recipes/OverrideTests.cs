using Decant.Runs.Recipes.Schema;

namespace Decant.Tests.Runs.Recipes;

public class OverrideTests
{
    [Fact]
    public void Values_are_put_in_by_path()
    {
        var recipe = Fakes.Read(
            Fakes.Image,
            "distill.epochs=9",
            "distill.objectives[0].temperature=8",
            "distill.objectives.1.weight=0.25",
            "student.model.hidden=[5, 6]",
            "distill.clip-norm=1e0",
            "teacher.train.augment.shift=2",
            "name=新名字",
            "seeds=[1,2]").Recipe;
        Assert.Equal(9, recipe.Distill.Epochs);
        Assert.Equal(8, recipe.Distill.Objectives[0].As<SoftLike>().Temperature);
        Assert.Equal(0.25, recipe.Distill.Objectives[1].Weight.Largest);
        Assert.Equal([5, 6], recipe.Student.Model!.As<MlpLike>().Hidden);
        Assert.Equal(1, recipe.Distill.ClipNorm);
        Assert.Equal(2, recipe.Teacher!.Train!.Augment!.Shift);
        Assert.Equal("新名字", recipe.Name);
        Assert.Equal([1L, 2L], recipe.RunSeeds());
    }

    [Fact]
    public void Whole_sections_are_replaced_entries_appended_and_keys_taken_out()
    {
        var recipe = Fakes.Read(
            Fakes.Image,
            "student.model={ kind: cnn }",
            "distill.objectives[2]={ kind: labels, weight: 2 }",
            "data.split.validation=null",
            "distill.combination=convex",
            "distill.combination=sum",
            "distill.objectives[2].weight=0.5").Recipe;
        Assert.Equal("cnn", Fakes.KindOf(Sections.Model, recipe.Student.Model!));
        Assert.Equal(3, recipe.Distill.Objectives.Count);
        Assert.Null(recipe.Data.Split!.Validation);
        Assert.Equal((Balance.Sum, 0.5), (recipe.Distill.Combination, recipe.Distill.Objectives[2].Weight.Largest));
    }

    [Fact]
    public void A_later_override_wins() => Assert.Equal(3, Fakes.Read(Fakes.Image, "distill.epochs=2", "distill.epochs=3").Recipe.Distill.Epochs);

    [Fact]
    public void An_override_mends_a_fault_of_the_file() =>
        Assert.Equal("x", Fakes.Read(Fakes.Image.Replace("name: small", "name: [1]"), "name=x").Recipe.Name);

    [Theory]
    [InlineData("distill.epochz=3", "--set distill.epochz=3: unknown key 'epochz' under distill; did you mean 'epochs'?")]
    [InlineData("distill.epochs=0", "--set distill.epochs=0: distill.epochs: expected a whole number from 1 to 1000000, came the number 0")]
    [InlineData("distill.epochs='3'", "--set distill.epochs='3': distill.epochs: expected a whole number from 1 to 1000000, came the text '3' in quotes")]
    [InlineData("distill.epochs", "--set distill.epochs: expected key=value, with a key such as distill.epochs or distill.objectives[0].temperature")]
    [InlineData("=3", "--set =3: expected key=value, with a key such as distill.epochs or distill.objectives[0].temperature")]
    [InlineData("distill..epochs=3", "--set distill..epochs=3: expected key=value, with a key such as distill.epochs or distill.objectives[0].temperature")]
    [InlineData("distill.epochs.more=3", "--set distill.epochs.more=3: cannot set 'more' there: distill.epochs is the number 2")]
    [InlineData("distill.objectives.temperature=3", "--set distill.objectives.temperature=3: distill.objectives is a list of 2; say which entry, from distill.objectives[0] on, 'temperature' belongs to")]
    [InlineData("distill.objectives[5].weight=3", "--set distill.objectives[5].weight=3: distill.objectives is a list of 2; there is no entry 5, the next new one is distill.objectives[2]")]
    [InlineData("name=[a", "--set name=[a: what follows '=' is not one value of YAML; put it in quotes")]
    [InlineData("name=!!str a", "--set name=!!str a: what follows '=' is not one value of YAML; put it in quotes")]
    [InlineData("student.model.kind=mpl", "--set student.model.kind=mpl: unknown model 'mpl' at student.model; did you mean 'mlp'? There are: mlp, cnn, resnet, encoder, textcnn")]
    [InlineData("student.model.kind=cnn", "x.yaml:14: unknown key 'hidden' under student.model; it takes: kind")]
    [InlineData("new-part.x=1", "--set new-part.x=1: unknown key 'new-part'; it takes: name, about, seed, seeds, threads, device, thread-allocation, task, data, input, teacher, teachers, ensemble, assistants, student, distill, baseline, control, evaluate, export, checkpoints")]
    public void Overrides_are_checked_like_the_file_and_cited(string assignment, string expected) =>
        Assert.Equal([expected], Fakes.Faults(Fakes.Image, assignment));

    [Fact]
    public void A_path_without_end_is_refused() =>
        Assert.Contains("expected key=value", Assert.Single(Fakes.Faults(Fakes.Image, string.Join('.', Enumerable.Repeat("a", 100_000)) + "=1")));
}
