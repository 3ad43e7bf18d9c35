using System.Text.Json.Nodes;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs.Fitting;

/// <summary>A student within a budget, from the command to its report.</summary>
public sealed class FitTests : IDisposable
{
    private readonly Workplace _work = new();

    public FitTests() => _work.Write("fit.yaml", Workplace.Text
        .Replace("layers: 1, hidden: 16, heads: 2", "layers: 2, hidden: 32, heads: 4", StringComparison.Ordinal)
        .Replace("model: { kind: textcnn, embedding: 8, filters: 4 }", "from-teacher: { importance: magnitude }\n  budget: { parameters: 12k, bytes: 60kB, candidates: 3 }", StringComparison.Ordinal)
        .Replace("  warm-up: { epochs: 1 }\n", "", StringComparison.Ordinal));

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_chosen_student_keeps_the_budget_and_is_distilled()
    {
        var answer = _work.Decant("fit", _work.At("fit.yaml"), "--out", _work.At("out"));
        Assert.True(answer.Exit == 0, answer.Error);
        var search = JsonNode.Parse(File.ReadAllText(_work.At("out/fit.json")))!;
        var rows = search["rows"]!.AsArray();
        Assert.InRange(rows.Count, 1, 3);
        Assert.All(rows, r => Assert.True((long)r!["figures"]!["parameters"]! <= 12_000 && (long)r["figures"]!["bytes"]! <= 60_000));
        Assert.Contains($"Chosen: {rows[0]!["name"]}", answer.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("| student | parameters | file |", File.ReadAllText(_work.At("out/fit.md")), StringComparison.Ordinal);

        var events = Workplace.Record(_work.At("out/run")).Events;
        Assert.Equal((long)rows[0]!["figures"]!["parameters"]!, events.OfType<ModelDescribed>().Single(e => e.Role == "student").Parameters);
        var exported = events.OfType<ExportMeasured>().Where(e => e.Arm == "student").ToArray();
        Assert.Equal((long)rows[0]!["figures"]!["bytes"]!, exported[^1].Bytes);
        Assert.EndsWith(exported[^1].Form, (string)rows[0]!["name"]!, StringComparison.Ordinal);

        // All is done: the same command does nothing again, and another recipe is refused in its folder.
        var again = _work.Decant("fit", _work.At("fit.yaml"), "--out", _work.At("out"));
        Assert.True(again.Exit == 0, again.Error);
        Assert.Contains("This run is finished", again.Out, StringComparison.Ordinal);
        Assert.Contains("holds the search of another recipe", _work.Decant("fit", _work.At("fit.yaml"), "--set", "student.budget.bytes=50kB", "--out", _work.At("out")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("holds something else", _work.Decant("fit", _work.At("fit.yaml"), "--out", _work.Root).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_is_stopped_goes_on_where_it_was()
    {
        var (whole, stopped) = (_work.At("whole"), _work.At("stopped"));
        Assert.Equal(0, _work.Decant("fit", _work.At("fit.yaml"), "--only-choose", "--out", whole).Exit);
        Directory.CreateDirectory(stopped);
        foreach (var part in new[] { "given.yaml", "teacher" })
            Copy(Path.Combine(whole, part), Path.Combine(stopped, part));
        var answer = _work.Decant("fit", _work.At("fit.yaml"), "--only-choose", "--out", stopped);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.DoesNotContain("teacher (seed 3): epoch", answer.Out, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "recipe.yaml")).Replace(whole, stopped, StringComparison.Ordinal), File.ReadAllText(Path.Combine(stopped, "recipe.yaml")));
    }

    [Fact]
    public void A_budget_that_no_student_keeps_is_refused_with_the_nearest()
    {
        var answer = _work.Decant("fit", _work.At("fit.yaml"), "--set", "student.budget={ parameters: 100, bytes: 1kB }", "--out", _work.At("out"));
        Assert.NotEqual(0, answer.Exit);
        var said = answer.Error.ReplaceLineEndings(" ");
        Assert.Contains("no student of this teacher keeps 100 parameters, 1", said, StringComparison.Ordinal);
        Assert.Contains("The nearest (layers 1, hidden 8", said, StringComparison.Ordinal);
        Assert.Contains("input.vocabulary: used", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Distill_and_fit_name_each_other()
    {
        Assert.Contains("'decant fit' chooses the best that keeps it", _work.Decant("distill", _work.At("fit.yaml"), "--out", _work.At("a")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("Without one, use 'decant distill'", _work.Decant("fit", _work.At("text.yaml"), "--out", _work.At("b")).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        var check = _work.Decant("check", _work.At("fit.yaml"));
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("so 'decant fit' chooses the student", string.Join(' ', check.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("student.quantization={ kind: weight-only }", "the search chooses the form that the student learns for, and 'student.quantization' says one")]
    [InlineData("student.budget.forms=[{ kind: half }]", "no student learns for 'half' here; say weight-only, int8-dynamic or int8")]
    public void Forms_that_no_student_learns_for_are_refused(string set, string expected) =>
        Assert.Contains(expected, _work.Decant("check", _work.At("fit.yaml"), "--set", set).Error.ReplaceLineEndings(" "), StringComparison.Ordinal);

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
