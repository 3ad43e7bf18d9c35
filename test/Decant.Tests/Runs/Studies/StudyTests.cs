using System.Text.Json;
using Decant.Runs;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Studies;

/// <summary>A recipe in several variants: one teacher and one control for all, differences as the runs themselves have them.</summary>
public sealed class StudyTests : IDisposable
{
    private const string Study = """
        name: two ways
        about: Does it matter?
        recipe: image.yaml
        seeds: [5, 6]
        set: [distill.epochs=3]
        variants:
          - name: Soft targets
          - name: logits, squared
            set: ["distill.objectives=[{ kind: logits-mse }]"]
          - name: the same again
            set: [distill.epochs=3]
        """;

    private readonly Workplace _work = new();

    public StudyTests() => _work.Write("study.yaml", Study);

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Variants_share_teacher_and_control_and_stand_against_the_control_and_the_first()
    {
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var root = JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement;
        var rows = root.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(["Soft targets", "logits, squared", "the same again"], rows.Select(r => r.GetProperty("name").GetString()));

        // The first is an ordinary run; its record has the same figures.
        var first = Workplace.Record(_work.At("out", "seed-6", "soft-targets")).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["accuracy"]);
        Assert.Equal(first[Arms.Student], rows[0].GetProperty("figure").GetProperty("values")[1].GetDouble(), 1e-9);
        Assert.Equal(first[Arms.Control], root.GetProperty("control").GetProperty("values")[1].GetDouble(), 1e-9);
        Assert.Equal(first[Arms.Teacher], root.GetProperty("teacher").GetProperty("values")[1].GetDouble(), 1e-9);

        // The others have that teacher and no control; the same recipe gives the same student, so nothing else came along.
        var again = _work.At("out", "seed-6", "the-same-again");
        Assert.Equal(Workplace.Weights(_work.At("out", "seed-6", "soft-targets"), Arms.Teacher), Workplace.Weights(again, Arms.Teacher));
        Assert.Equal(Workplace.Weights(_work.At("out", "seed-6", "soft-targets"), Arms.Student), Workplace.Weights(again, Arms.Student));
        Assert.False(Directory.Exists(Path.Combine(again, Arms.Control)));
        Assert.Equal(0, rows[2].GetProperty("against_first").GetProperty("difference").GetDouble(), 1e-12);
        Assert.NotEqual(Workplace.Weights(again, Arms.Student), Workplace.Weights(_work.At("out", "seed-6", "logits-squared"), Arms.Student));
        Assert.Contains("| logits, squared | ", File.ReadAllText(_work.At("out", "study.md")), StringComparison.Ordinal);
        Assert.Contains("the same again", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_may_run_apart_and_what_is_done_is_not_done_again()
    {
        var one = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"), "--seed", "6");
        Assert.True(one.Exit == 0, one.Error);
        Assert.Contains("Others are not yet", one.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_work.At("out", "study.json")));
        var written = File.GetLastWriteTimeUtc(_work.At("out", "seed-6", "soft-targets", "summary.json"));

        var rest = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(rest.Exit == 0, rest.Error);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_work.At("out", "seed-6", "soft-targets", "summary.json")));
        Assert.True(File.Exists(_work.At("out", "study.json")));
    }

    [Theory]
    [InlineData("name: logits, squared", "name: soft TARGETS", "two variants are called 'soft TARGETS'")]
    [InlineData("seeds: [5, 6]", "seeds: [5, 5]", "expected one seed or more, each once")]
    [InlineData("kind: logits-mse", "kind: logit-mse", "The variant 'logits, squared'")]
    [InlineData("about:", "abuot:", "unknown key 'abuot'")]
    [InlineData("recipe: image.yaml", "recipe: imag.yaml", "there is no such recipe")]
    public void A_wrong_study_is_refused_before_anything_is_trained(string right, string wrong, string expected)
    {
        _work.Write("study.yaml", Study.Replace(right, wrong, StringComparison.Ordinal));
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("out"));
        Assert.Equal(ExitCodes.BadInput, answer.Exit);
        Assert.Contains(expected, answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("out")));
    }

    [Fact]
    public void The_studies_that_come_along_are_right_with_every_variant()
    {
        static string? Variable(string name) => name == "DECANT_DATA" ? "/data" : null;
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "studies"), "*.yaml");
        Assert.NotEmpty(files);
        foreach (var study in files.Select(file => new StudyReader(Catalog.Standard.Kinds) { Environment = Variable }.Read(file)))
        {
            foreach (var variant in study.Variants)
                Assert.NotEmpty(new RecipeReader(Catalog.Standard.Kinds) { Environment = Variable }.Read(study.Recipe, [.. study.Set, .. variant.Set]).Recipe.Name);
        }
    }

    [Fact]
    public void A_seed_that_the_study_does_not_have_is_refused()
    {
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("out"), "--seed", "9");
        Assert.Equal(ExitCodes.BadInput, answer.Exit);
        Assert.Contains("has no seed 9; it has 5, 6", answer.Error, StringComparison.Ordinal);
    }
}
