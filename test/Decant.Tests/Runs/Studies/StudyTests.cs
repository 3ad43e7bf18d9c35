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
        Assert.Equal(first[Arms.Control], root.GetProperty("baselines").GetProperty("control").GetProperty("values")[1].GetDouble(), 1e-9);
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
    public void A_variant_with_another_student_is_compared_with_its_own_control()
    {
        _work.Write("study.yaml", """
            name: students
            recipe: image.yaml
            seeds: [5]
            variants:
              - name: narrow
              - name: wide
                set: ["student.model={ kind: mlp, hidden: [24] }"]
              - name: squared
                set: ["distill.objectives=[{ kind: logits-mse }]"]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var root = JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement;
        Assert.Equal(["control", "control, wide"], root.GetProperty("baselines").EnumerateObject().Select(b => b.Name).Where(n => n.StartsWith("control", StringComparison.Ordinal)));
        var own = Workplace.Record(_work.At("out", "seed-5", "wide")).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["accuracy"]);
        var wide = root.GetProperty("rows")[1];
        Assert.Equal(own[Arms.Student] - own[Arms.Control], wide.GetProperty("against_control").GetProperty("difference").GetDouble(), 1e-9);
        Assert.False(Directory.Exists(_work.At("out", "seed-5", "squared", "control")));
        Assert.Contains("| control, wide |", File.ReadAllText(_work.At("out", "study.md")), StringComparison.Ordinal);

        // Students of other sizes stand in a table of sizes.
        var sizes = root.GetProperty("sizes").EnumerateArray().ToDictionary(s => s.GetProperty("name").GetString()!);
        Assert.Equal(["teacher", "narrow", "wide", "squared"], sizes.Keys);
        using var model = Decant.Export.ModelFolder.Load(_work.At("out", "seed-5", "wide", "student"));
        Assert.Equal(model.ParameterCount, sizes["wide"].GetProperty("parameters").GetInt64());
        Assert.Equal(own[Arms.Student], sizes["wide"].GetProperty("score").GetDouble(), 1e-9);
        Assert.Contains($"| wide | model | {100 * own[Arms.Student]:0.0} % | {model.ParameterCount:N0} | ", File.ReadAllText(_work.At("out", "study.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_control_students_are_compared_with_the_first_alone()
    {
        _work.Write("study.yaml", """
            name: bare
            recipe: image.yaml
            seeds: [5]
            set: [control=false]
            variants:
              - name: soft targets
              - name: squared
                set: ["distill.objectives=[{ kind: logits-mse }]"]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var root = JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement;
        Assert.Equal(JsonValueKind.Null, root.GetProperty("reference").ValueKind);
        Assert.DoesNotContain("| parameters |", File.ReadAllText(_work.At("out", "study.md")), StringComparison.Ordinal); // all are of one size
        Assert.All(root.GetProperty("rows").EnumerateArray(), row => Assert.Equal(JsonValueKind.Null, row.GetProperty("against_control").ValueKind));
        Assert.Contains("adjusts for the 1 comparison with soft targets", answer.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Exported_students_stand_in_the_table_of_sizes_in_every_form()
    {
        _work.Write("study.yaml", """
            name: forms
            recipe: image.yaml
            seeds: [5]
            set: [control=false, "export={ quantize: [{ kind: int8-dynamic }] }"]
            variants:
              - name: plain
              - name: learned
                set: ["student.quantization={ kind: int8-dynamic }"]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var sizes = JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement.GetProperty("sizes").EnumerateArray().ToArray();
        Assert.Equal(["teacher float32", "plain float32", "plain int8-dynamic", "learned float32", "learned int8-dynamic"], sizes.Select(s => $"{s.GetProperty("name")} {s.GetProperty("form")}"));
        var measured = Workplace.Record(_work.At("out", "seed-5", "learned")).Events.OfType<ExportMeasured>().Last(e => e.Arm == Arms.Student);
        Assert.Equal((measured.Bytes, measured.Score, measured.OneThread.P50), (sizes[^1].GetProperty("bytes").GetInt64(), sizes[^1].GetProperty("score").GetDouble(), sizes[^1].GetProperty("milliseconds").GetDouble()));
        Assert.Contains("measured in ONNX Runtime", answer.Out, StringComparison.Ordinal);
        Assert.Contains("comparing, learned: student on the test split", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_that_keeps_the_answers_in_another_way_has_the_same_teacher()
    {
        _work.Write("study.yaml", """
            name: answers
            recipe: image.yaml
            seeds: [5]
            variants:
              - name: all
              - name: largest
                set: ["teacher.answers={ kind: logits, folder: answers }"]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains(Workplace.Record(_work.At("out", "seed-5", "all")).Events.OfType<ArmStarted>(), e => e.Arm == Arms.Teacher);
        Assert.DoesNotContain(Workplace.Record(_work.At("out", "seed-5", "largest")).Events.OfType<ArmStarted>(), e => e.Arm == Arms.Teacher);
    }

    [Fact]
    public void A_variant_that_changes_the_teacher_trains_its_own()
    {
        _work.Write("study.yaml", """
            name: teachers
            recipe: image.yaml
            seeds: [5]
            variants:
              - name: as it is
              - name: other teacher
                set: [teacher.train.epochs=1]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.NotEqual(Workplace.Weights(_work.At("out", "seed-5", "as-it-is"), Arms.Teacher), Workplace.Weights(_work.At("out", "seed-5", "other-teacher"), Arms.Teacher));
        Assert.NotEqual(Workplace.Weights(_work.At("out", "seed-5", "as-it-is"), Arms.Student), Workplace.Weights(_work.At("out", "seed-5", "other-teacher"), Arms.Student));
    }

    [Fact]
    public void A_variant_that_reads_its_samples_otherwise_has_the_figures_of_its_own_run()
    {
        _work.Write("study.yaml", """
            name: lengths
            recipe: text.yaml
            seeds: [3]
            variants:
              - name: whole
              - name: cut
                set: [input.max-tokens=4]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var rows = JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement.GetProperty("rows").EnumerateArray().ToArray();
        foreach (var (row, folder) in rows.Zip(new[] { "whole", "cut" }))
        {
            var own = Workplace.Record(_work.At("out", "seed-3", folder)).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Student).Metrics["accuracy"];
            Assert.Equal(own, row.GetProperty("figure").GetProperty("values")[0].GetDouble(), 1e-9);
        }
    }

    [Fact]
    public void A_variant_on_other_test_samples_is_refused_by_name_before_anything_is_trained()
    {
        _work.Write("study.yaml", """
            name: tests
            recipe: text.yaml
            seeds: [3]
            variants:
              - name: as it is
              - name: other test
                set: ["data.test={ kind: csv, file: train.csv }"]
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.Equal(2, answer.Exit);
        Assert.Contains("The variant 'other test': it is measured on other samples than the first variant", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("out", "seed-3")));
    }

    [Fact]
    public void An_ensemble_has_the_figures_that_its_runs_wrote()
    {
        _work.Write("several.yaml", Workplace.Image.Replace("teacher:\n", "teachers:\n  - name: one\n", StringComparison.Ordinal)
            .Replace("  model: { kind: mlp, hidden: [16] }\n  train:\n    epochs: 3\n    batch: 20\n    optimizer: { kind: sgd, learning-rate: 0.1, momentum: 0.9 }",
                "    members: 2\n    model: { kind: mlp, hidden: [16] }\n    train: { epochs: 1, batch: 20, optimizer: { kind: sgd, learning-rate: 0.1 } }", StringComparison.Ordinal));
        _work.Write("study.yaml", "name: ensembles\nrecipe: several.yaml\nseeds: [5]\nvariants:\n  - name: as it is\n  - name: squared\n    set: [\"distill.objectives=[{ kind: logits-mse }]\"]\n");
        var answer = _work.Decant("study", _work.At("study.yaml"), "--quiet", "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var teacher = Workplace.Record(_work.At("out", "seed-5", "as-it-is")).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["accuracy"];
        Assert.Equal(teacher, JsonDocument.Parse(File.ReadAllText(_work.At("out", "study.json"))).RootElement.GetProperty("teacher").GetProperty("values")[0].GetDouble(), 1e-9);
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
