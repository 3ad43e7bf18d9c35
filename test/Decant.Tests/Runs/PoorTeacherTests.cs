using System.Text.Json;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A teacher that has learned nothing, through whole runs.</summary>
public sealed class PoorTeacherTests : IDisposable
{
    private readonly Workplace _work = new();

    public PoorTeacherTests() => _work.Write("poor.yaml", Workplace.Image.Replace("epochs: 3\n    batch: 20\n    optimizer: { kind: sgd, learning-rate: 0.1", "epochs: 1\n    batch: 20\n    optimizer: { kind: sgd, learning-rate: 1e-9", StringComparison.Ordinal).Replace("seed: 5", "seed: 7", StringComparison.Ordinal)); // drawn so, it answers one class

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Terminal_record_summary_and_report_say_it_and_nothing_is_kept()
    {
        var answer = _work.Decant("distill", _work.At("poor.yaml"), "--out", _work.At("run"));
        Assert.True(answer.Exit == 0, answer.Error);

        var record = Workplace.Record(_work.At("run")).Events;
        var teacher = record.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher);
        Assert.Equal(("always answering '0'", false), (teacher.TrivialAnswer!.Answer, teacher.TrivialAnswer.Beaten));
        Assert.Equal(1 / 3.0, teacher.TrivialAnswer.Score, 1e-12);
        Assert.Contains("The teacher is not measurably better than always answering '0', so no fraction of it is given", answer.Out.ReplaceLineEndings(" "));
        Assert.DoesNotContain("% kept", answer.Out);
        using var summary = JsonDocument.Parse(File.ReadAllBytes(_work.At("run", "summary.json")));
        Assert.Equal("always answering '0'", summary.RootElement.GetProperty("teacher").GetProperty("not_better_than").GetString());
        var html = File.ReadAllText(_work.At("run", "report.html"));
        Assert.Contains("<p class=\"caution\">The teacher is not measurably better than always answering &#39;0&#39; on the same test samples", html);
        Assert.DoesNotContain("kept</b>", html);
    }

    [Fact]
    public void Check_says_how_good_a_loaded_teacher_is_before_anything_is_trained()
    {
        var poor = _work.Distill("poor.yaml", "poor");
        var good = _work.Distill("image.yaml", "good");

        Assert.Matches("loaded; accuracy [0-9.]+ % on 120 training samples, not measurably better than always answering '0'", Check(poor));
        Assert.Matches("loaded; accuracy (9|100)[0-9.]* % on 120 training samples(?!, not)", Check(good));

        string Check(string run)
        {
            var (from, to) = (Workplace.Image.IndexOf("teacher:\n", StringComparison.Ordinal), Workplace.Image.IndexOf("student:\n", StringComparison.Ordinal));
            _work.Write("loaded.yaml", $"{Workplace.Image[..from]}teacher: {{ load: \"{Path.Combine(run, Arms.Teacher)}\" }}\n{Workplace.Image[to..]}");
            var answer = _work.Decant("check", _work.At("loaded.yaml"));
            Assert.True(answer.Exit == 0, answer.Error);
            return string.Join(' ', answer.Out.Split((char[])[' ', '\n', '│', '|'], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void A_teacher_that_has_learned_is_kept_as_before()
    {
        var record = Workplace.Record(_work.Distill("image.yaml", "run")).Events;

        Assert.All(record.OfType<Evaluated>().Where(e => e.Arm == Arms.Teacher), e => Assert.True(e.TrivialAnswer!.Beaten));
        Assert.StartsWith("The student keeps ", record.OfType<Comparison>().Single(c => c.A == Arms.Teacher).Sentence);
    }
}
