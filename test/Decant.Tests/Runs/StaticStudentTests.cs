using Decant.Export;
using Decant.Inference;
using Decant.Models.Configuration;
using Decant.Models.Static;

namespace Decant.Tests.Runs;

/// <summary>Static students of a recipe, from the teacher to a program that has no libtorch.</summary>
public sealed class StaticStudentTests : IDisposable
{
    private const string Network = "  model: { kind: textcnn, embedding: 8, filters: 4 }";
    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("dimensions: 8, weighting: sif, coefficient: 1e-2")]
    [InlineData("dimensions: 12, hidden: 6, normalize: true")]
    public void A_classifier_is_made_of_its_teacher_trained_and_opened(string table)
    {
        _work.Write("static.yaml", Recipe(table));
        var run = _work.Distill("static.yaml", "run");
        var config = (StaticConfig)ModelFolder.ReadConfig(Path.Combine(run, "student"));
        Assert.Equal(("static", table.Contains("hidden", StringComparison.Ordinal) ? 6 : 0), (config.ModelType, config.ClassifierHiddenSize));
        Assert.NotEmpty(config.IgnoredTokenIds);
        using var classifier = TextClassifier.Load(Path.Combine(run, "student"));
        Assert.Equal(config.ClassNames, classifier.Labels);
        foreach (var arm in new[] { "student", "control" })
            Assert.Equal(config.HiddenDim, ((StaticConfig)ModelFolder.ReadConfig(Path.Combine(run, arm))).HiddenDim);
        var exported = _work.Decant("export", run, "--to", "model2vec", "--rows", "int8", "--out", _work.At("small"));
        Assert.True(exported.Exit == 0, exported.Error);
        using var small = TextClassifier.Load(_work.At("small"));
        foreach (var text in new[] { "kala mita", "lumo", "tari kala" })
            Assert.Equal(classifier.Classify(text).Probabilities[0], small.Classify(text).Probabilities[0], 0.02);
        var evaluated = _work.Decant("evaluate", _work.At("small"), "--recipe", _work.At("static.yaml"), "--json");
        Assert.True(evaluated.Exit == 0, evaluated.Error);
    }

    [Fact]
    public void The_same_recipe_gives_the_same_table()
    {
        _work.Write("static.yaml", Recipe("dimensions: 8"));
        Assert.Equal(Workplace.Weights(_work.Distill("static.yaml", "a"), "student"), Workplace.Weights(_work.Distill("static.yaml", "b"), "student"));
    }

    [Theory]
    [InlineData("static: { dimensions: 8 }, layers: 1", "a static student is a table and has no layers or heads of the teacher")]
    [InlineData("static: { dimensions: 0 }", "dimensions")]
    [InlineData("static: { weighting: idf }", "weighting")]
    public void What_cannot_be_is_refused_before_any_work(string part, string expected)
    {
        _work.Write("wrong.yaml", Workplace.Text.Replace(Network, $"  from-teacher: {{ {part} }}", StringComparison.Ordinal));
        var answer = _work.Decant("distill", _work.At("wrong.yaml"), "--out", _work.At("out"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    [Fact]
    public void More_dimensions_than_the_teacher_has_are_told()
    {
        _work.Write("wide.yaml", Recipe("dimensions: 64"));
        var answer = _work.Decant("distill", _work.At("wide.yaml"), "--out", _work.At("out"));
        Assert.Contains("dimensions is 64, and the teacher's vectors of", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "model2vec", "writes a folder of its own: name it with --out")]
    [InlineData("--rows", "int8", "--rows is for --to model2vec alone")]
    public void Options_that_do_not_go_together_are_refused(string option, string value, string expected) =>
        Assert.Contains(expected, _work.Decant("export", "nothing", option, value).Error, StringComparison.Ordinal);

    private static string Recipe(string table) => Workplace.Text.Replace(Network, $"  from-teacher: {{ static: {{ {table} }} }}", StringComparison.Ordinal)
        .Replace("latency-runs: 3", "latency-runs: 0", StringComparison.Ordinal);
}
