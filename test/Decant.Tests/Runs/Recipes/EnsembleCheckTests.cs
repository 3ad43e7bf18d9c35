using Decant.Runs.Recipes.Schema;
using Decant.Runs.Recipes.Writing;
using Decant.Teachers.Ensembles;

namespace Decant.Tests.Runs.Recipes;

/// <summary>What is wrong with several teachers is reported before anything starts, all of it at once.</summary>
public sealed class EnsembleCheckTests
{
    private const string Train = "train: { epochs: 1, batch: 8, optimizer: { kind: sgd, learning-rate: 0.1 } }";

    private static readonly string s_two = $"teachers:\n  - {{ name: a, model: {{ kind: mlp, hidden: [4] }}, {Train} }}\n  - {{ name: b, model: {{ kind: cnn }}, {Train} }}\n";

    [Fact]
    public void Two_teachers_of_different_networks_are_an_ensemble()
    {
        var recipe = Read(s_two);
        Assert.Equal(["a", "b"], recipe.Teachers!.SelectMany(t => t.Names()));
        Assert.Equal(["teachers[0]", "teachers[1]"], recipe.LargeModels().Select(t => t.Path));
        Assert.Null(recipe.Ensemble);
        Assert.Equal(recipe, Fakes.Read(RecipeWriter.Write(recipe, Fakes.Kinds)).Recipe);
    }

    [Fact]
    public void One_network_may_be_trained_several_times()
    {
        var recipe = Read($"teachers:\n  - {{ name: a, members: 3, weight: 2, model: {{ kind: cnn }}, {Train} }}\nensemble: {{ combine: logits }}\n");
        Assert.Equal(["a-1", "a-2", "a-3"], recipe.Teachers!.SelectMany(t => t.Names()));
        Assert.Equal(new EnsembleOptions { Combine = MixtureOf.Logits }, recipe.Ensemble);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var told = Faults($$"""
            teacher: { model: { kind: cnn }, {{Train}} }
            teachers:
              - { name: A b, model: { kind: cnn }, {{Train}} }
              - { name: c, members: 2, load: somewhere }
              - { name: c-1, weight: 2, model: { kind: encoder }, {{Train}} }
              - { name: e, {{Train}} }
            ensemble: { weights: confidence }

            """);
        string[] expected =
        [
            "'A b' cannot name a folder everywhere; use small letters, digits and hyphens",
            "'weight' is for fixed weights, and ensemble.weights is confidence; leave one of them out",
            "both 'teacher' and 'teachers' are given; keep one",
            "members that are loaded from one place and not trained are all the same",
            "teachers[2].model: 'encoder' takes text, and input.kind is image",
            "the teacher has no network: give teachers[3].model",
            "two members are named 'c-1'; give each a name of its own",
        ];
        Assert.All(expected, said => Assert.Contains(told, fault => fault.Contains(said, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, told.Count);
    }

    [Theory]
    [InlineData("ensemble: { weights: fixed }", "an ensemble is made of several teachers, and the recipe has no 'teachers'")]
    [InlineData("teachers: []", "an ensemble has two members at least, and 0 is listed")]
    [InlineData("teachers:\n  - { name: a, load: x }", "an ensemble has two members at least, and 1 is listed; list more, say 'members: 3', or write 'teacher' for one")]
    [InlineData("teachers:\n  - { name: a, load: x, weight: 0 }\n  - { name: b, load: x, weight: 0 }", "every teacher has the weight 0, so there is no teacher")]
    [InlineData("teachers:\n  - { name: a, load: x }\n  - { name: b }", "the teacher has no weights: give teachers[1].train or teachers[1].load")]
    [InlineData("teachers:\n  - { name: a, load: x, new-head: true }\n  - { name: b, load: y }", "a new head is random: give teachers[0].train")]
    [InlineData("teachers:\n  - { load: x }\n  - { name: b, load: y }", "missing key 'name' under teachers[0]")]
    [InlineData("teachers:\n  - { name: a, load: x }\n  - { name: b, load: y }\nensemble: { weights: entropy }", "ensemble.weights: expected")]
    public void A_fault_of_an_ensemble_is_told(string teachers, string said) => Assert.Contains(said, string.Join('\n', Faults(teachers + "\n")));

    [Fact]
    public void Weights_are_learned_on_validation_samples_alone() => Assert.Contains(
        "'learned' weights need validation samples, which no teacher has learned from",
        string.Join('\n', Faults(s_two + "ensemble: { weights: learned }\n", recipe => recipe.Replace("validation: 0.1, ", "", StringComparison.Ordinal))));

    [Fact]
    public void A_student_is_a_part_of_one_teacher() => Assert.Contains(
        "the student is to be a part of its teacher, and the recipe has several; give student.model",
        string.Join('\n', Faults(s_two, recipe => recipe.Replace("model: { kind: mlp, hidden: [3] }", "from-teacher: { layers: 1 }", StringComparison.Ordinal))));

    [Theory]
    [InlineData("embedding", "combine: probabilities", "every teacher's vectors lie in a space of its own")]
    [InlineData("embedding", "weights: confidence", "'confidence' goes by probabilities, and an embedding has none; use fixed")]
    [InlineData("classification", "combine: concatenation", "'concatenation' is for embeddings, and the task is classification")]
    [InlineData("regression", "combine: probabilities", "a regression has no probabilities; leave 'combine' out")]
    [InlineData("regression", "weights: confidence", "'confidence' goes by probabilities, and a regression has no probabilities; use fixed")]
    public void What_a_task_has_no_probabilities_for_is_told(string task, string ensemble, string said) => Assert.Contains(
        said, string.Join('\n', Faults($"{s_two}ensemble: {{ {ensemble} }}\n", recipe => recipe.Replace("name: small", $"name: small\ntask: {task}", StringComparison.Ordinal))));

    private static Recipe Read(string teachers) => Fakes.Read(With(teachers, r => r)).Recipe;

    private static IReadOnlyList<string> Faults(string teachers, Func<string, string>? change = null) =>
        Fakes.Faults(With(teachers, change ?? (r => r)));

    private static string With(string teachers, Func<string, string> change)
    {
        var (from, to) = (Fakes.Image.IndexOf("teacher:\n", StringComparison.Ordinal), Fakes.Image.IndexOf("student:\n", StringComparison.Ordinal));
        return change(Fakes.Image[..from] + teachers + Fakes.Image[to..]);
    }
}
