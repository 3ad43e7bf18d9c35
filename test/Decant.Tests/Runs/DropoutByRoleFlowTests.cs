using System.Text.Json;
using Decant.Models.TextCnn;
using Decant.Runs;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;

namespace Decant.Tests.Runs;

public sealed class DropoutByRoleFlowTests : IDisposable
{
    private const string Assistant = "assistants:\n  - model: { kind: encoder, layers: 1, hidden: 8, heads: 2 }\nstudent:\n";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Where_a_recipe_leaves_dropout_out_the_teacher_has_its_familys_and_all_who_learn_from_it_have_none()
    {
        _work.Write("roles.yaml", Workplace.Text.Replace("student:\n", Assistant, StringComparison.Ordinal));
        var run = _work.Distill("roles.yaml", "run");
        Assert.Equal(0.1, Setting(run, "teacher", "hidden_dropout_prob"));
        Assert.Equal(0, Setting(run, "assistant-1", "hidden_dropout_prob"));
        Assert.Equal(0, Setting(run, "student", "dropout"));
        Assert.Equal(0, Setting(run, "control", "dropout"));
    }

    [Fact]
    public void A_student_without_a_teacher_learns_from_labels_alone_and_has_its_familys_dropout()
    {
        // 'inspect' makes such a student; 'distill' refuses the recipe.
        var recipe = _work.Recipe("text.yaml", "teacher=null", "distill.warm-up=null", "distill.objectives=[{ kind: labels }]");
        using var data = DataPreparation.Prepare(Catalog.Standard, recipe, default);
        using var student = new RecipeArms(Catalog.Standard, recipe, data).NewStudent(1, null!);
        Assert.Equal(0.5, Assert.IsType<TextCnnConfig>(Assert.IsType<TextCnnClassifier>(student).Config).Dropout);
    }

    [Fact]
    public void A_student_has_the_dropout_that_its_recipe_asks_for()
    {
        var run = _work.Distill("text.yaml", "run", "--set", "student.model.dropout=0.2", "--set", "distill.warm-up=null");
        Assert.Equal(0.2, Setting(run, "student", "dropout"));
        Assert.Equal(0.2, Setting(run, "control", "dropout"));
    }

    private static double Setting(string run, string arm, string name)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, arm, "config.json")));
        return config.RootElement.GetProperty(name).GetDouble();
    }
}
