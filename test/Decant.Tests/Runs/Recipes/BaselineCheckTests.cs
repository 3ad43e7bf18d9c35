using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;

namespace Decant.Tests.Runs.Recipes;

/// <summary>What a recipe may say of baselines, and of a teacher's own seed.</summary>
public sealed class BaselineCheckTests
{
    private const string Part = "student={ from-teacher: { layers: 1 } }";
    private const string Hidden = "data.student-labels=40";

    [Fact]
    public void One_value_is_a_list_of_one_and_what_is_written_reads_back()
    {
        var one = Fakes.Read(Fakes.Image, Hidden, "baseline=all-labels");
        Assert.Equal([BaselineKind.AllLabels], one.Recipe.Baseline!);
        Assert.Equal(one.Recipe, Fakes.Read(Fakes.Image, Hidden, "baseline=[all-labels]").Recipe);
        Assert.Equal(one.Recipe, Fakes.Read(one.ToYaml()).Recipe);
        var several = Fakes.Read(Fakes.Image, Part, Hidden, "baseline=[untrained, from-scratch, all-labels]", "teacher.seed=7");
        Assert.Equal([BaselineKind.AllLabels, BaselineKind.FromScratch, BaselineKind.Untrained], several.Recipe.Baselines(hidesLabels: true));
        Assert.Equal(7, several.Recipe.Teacher!.Seed);
        Assert.Equal(several.Recipe, Fakes.Read(several.ToYaml()).Recipe);
    }

    [Fact]
    public void Where_nothing_is_said_hidden_labels_and_a_control_make_all_labels()
    {
        var recipe = Fakes.Read(Fakes.Image, Hidden).Recipe;
        Assert.Equal([BaselineKind.AllLabels], recipe.Baselines(hidesLabels: true));
        Assert.Empty(recipe.Baselines(hidesLabels: false));
        Assert.Empty((recipe with { Control = false }).Baselines(hidesLabels: true));
        Assert.Empty(Fakes.Read(Fakes.Image, Hidden, "baseline=none").Recipe.Baselines(hidesLabels: true));
        Assert.Equal([BaselineKind.Untrained], (Fakes.Read(Fakes.Image, Part).Recipe with { Task = ModelTask.Embedding }).Baselines(hidesLabels: false));
    }

    [Theory]
    [InlineData("baseline=all-labels", "'all-labels' is for a student with hidden labels (data.student-labels, distill.transfer-set.without-classes); here the control has all of them, so it is that baseline already: leave it out")]
    [InlineData("baseline=from-scratch", "'from-scratch' is for a student that begins with its teacher's weights (student.from-teacher); here the control's weights are newly drawn, so it is that baseline already: leave it out")]
    [InlineData("baseline=untrained", "'untrained' is for a student that begins with its teacher's weights (student.from-teacher); a student with random weights is no baseline before its training: leave it out")]
    [InlineData("baseline=[]", "'baseline' is an empty list; say none, or leave it out")]
    [InlineData("baseline=[none, none]", "'none' stands twice in 'baseline'; once is enough")]
    [InlineData("baseline=all-lables", "baseline: expected one of none, all-labels, from-scratch, untrained, came the text 'all-lables'; did you mean 'all-labels'?")]
    public void What_makes_no_sense_is_refused_by_name(string set, string expected) => Assert.Contains(Fakes.Faults(Fakes.Image, set), fault => fault.EndsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void None_stands_alone() =>
        Assert.Contains(Fakes.Faults(Fakes.Image, Hidden, "baseline=[none, all-labels]"), f => f.Contains("'none' stands beside others; say none alone, or leave it out of the list", StringComparison.Ordinal));

    [Fact]
    public void A_teacher_that_is_not_trained_has_no_seed() => Assert.Contains(
        Fakes.Faults(Fakes.Image, "teacher={ load: a, seed: 3 }"),
        f => f.Contains("nothing of the teacher is trained, so no seed changes it, and all seeds of the run share it as it is; leave it out, or give teacher.train", StringComparison.Ordinal));
}
