using System.Text.RegularExpressions;
using Decant.Data;
using Decant.Runs;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>Recipes whose transfer set has n-grams of its texts.</summary>
public sealed partial class NgramFlowTests : IDisposable
{
    private const string NGrams = "distill.transfer-set={ n-grams: { per-text: 4, shortest: 1, longest: 3 } }";

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_teacher_answers_for_n_grams_and_the_student_learns_from_them()
    {
        var run = Run("run", NGrams);
        var events = Workplace.Record(run).Events;
        var remark = Assert.Single(events.OfType<RunNote>(), n => n.Text.Contains("n-grams", StringComparison.Ordinal)).Text;
        var counts = Counts().Match(remark);
        Assert.True(counts.Success, remark);
        var (texts, ngrams) = (int.Parse(counts.Groups[1].Value), int.Parse(counts.Groups[2].Value));
        Assert.Equal(128, texts);
        Assert.InRange(ngrams, 20, 4 * texts);
        Assert.Equal(texts + ngrams, events.OfType<AnswersAsked>().Single(a => a.Purpose == AnswersAsked.TeacherAnswers).Total);
        Assert.Equal((texts + ngrams + 15) / 16 * 2, events.OfType<ArmStarted>().Single(a => a.Arm == Arms.Student).Steps);
        Assert.Equal(Workplace.Weights(run, "student"), Workplace.Weights(Run("again", NGrams), "student"));
        Assert.NotEqual(Workplace.Weights(run, "student"), Workplace.Weights(Run("without", "distill.transfer-set=null"), "student"));
        // The same n-grams, and other labels, for another seed; the control sees labelled texts alone.
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("text.yaml", [NGrams]), default);
        Assert.Equal(Ids(data.TransferSet), Ids(data.ForSeed(9).TransferSet));
        Assert.Equal((40, 40), (data.LabelledTransferSet.Count, data.ForSeed(9).LabelledTransferSet.Count));
        Assert.Equal(texts, data.Train.Count);
    }

    [Fact]
    public void They_are_cut_out_of_other_texts_where_the_transfer_set_is_another_source()
    {
        _work.Write("more.csv", "text\n\"one two three four\"\n\"five six seven eight nine\"\n");
        using var data = DataPreparation.Prepare(Catalog.Standard, _work.Recipe("text.yaml", ["distill.transfer-set={ data: { kind: csv, file: more.csv, text: text, label: null }, n-grams: { per-text: 30, longest: 3 } }"]), default);
        var texts = Enumerable.Range(0, data.TransferSet.Count).Select(i => ((TextContent)data.TransferSet[i].Content).Text).ToArray();
        // Two or three words: three and two of the first text, four and three of the second.
        Assert.Equal(["one two three four", "five six seven eight nine"], texts[..2]);
        Assert.Equal(12, texts[2..].Length);
        Assert.All(texts[2..], text => Assert.Contains(texts[..2], whole => whole.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(0, data.TransferSet.LabelledCount);
    }

    [Theory]
    [InlineData("text.yaml", "an n-gram has at least 5 words and at most 3; make 'shortest' smaller, or 'longest' larger", "distill.transfer-set={ n-grams: { shortest: 5, longest: 3 } }")]
    [InlineData("text.yaml", "n-grams have no label, and 'labelled-only' leaves out what has none", "distill.transfer-set={ labelled-only: true, n-grams: {} }")]
    [InlineData("text.yaml", "every objective here learns from labels; add one that compares with the teacher, or leave n-grams out", "distill.transfer-set={ n-grams: {} }", "distill.objectives=[{ kind: labels }]", "distill.warm-up=null", "teacher=null")]
    [InlineData("text.yaml", "expected a whole number from 1 to 1000, came the number 0", "distill.transfer-set={ n-grams: { per-text: 0 } }")]
    [InlineData("image.yaml", "n-grams are cut out of single texts that are classified, scored or made into vectors, and these samples are others", "distill.transfer-set={ n-grams: {} }")]
    public void What_has_no_n_grams_is_refused(string recipe, string expected, params string[] set)
    {
        var (exit, _, error) = _work.Decant(["check", _work.At(recipe), .. set.SelectMany(s => new[] { "--set", s })]);
        Assert.Equal(2, exit);
        Assert.Contains(expected, string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private string Run(string name, string set) => _work.Distill("text.yaml", name, "--set", set, "--set", "control=false", "--set", "baseline=none", "--set", "evaluate.latency-runs=0", "--set", "distill.warm-up=null", "--set", "teacher.seed=3");

    private static SampleId[] Ids(Dataset data) => [.. Enumerable.Range(0, data.Count).Select(data.IdOf)];

    [GeneratedRegex(@"^distill\.transfer-set: (\d+) texts, and (\d+) n-grams of them without a label\.$")]
    private static partial Regex Counts();
}
