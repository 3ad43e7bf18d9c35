using Decant.Runs.Reports.Record;
using Decant.Tests.Runs.Resuming;

namespace Decant.Tests.Runs;

/// <summary>Recipes in which models write the texts that are learned from, from the command line to the report.</summary>
public sealed class RolloutFlowTests : IDisposable
{
    private readonly Workplace _work = new();

    public RolloutFlowTests()
    {
        _work.Write("written.yaml", KillRecipes.Written);
        _work.Write("words.jsonl", Workplace.Words(60, seed: 8));
        _work.Write("more-words.jsonl", Workplace.Words(30, seed: 9));
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_run_says_what_is_wrong_before_and_records_what_was_written()
    {
        var run = _work.Distill("written.yaml", "run");
        var events = Workplace.Record(run).Events;
        var notes = Workplace.Notes(run);
        Assert.Contains("before: the student's texts on 11 held-out prompts:", notes, StringComparison.Ordinal);
        var last = events.OfType<Validated>().Last(v => v.Arm == Arms.Student).Metrics;
        Assert.Superset(new HashSet<string> { "own-texts/reverse-kl", "own-texts/entropy", "own-texts/teacher-perplexity", "own-texts/drift", "own-texts/length", "own-texts/top-16-overlap" }, last.Keys.ToHashSet());
        Assert.Contains(events.OfType<StepTaken>(), s => s.Settings.TryGetValue("rollouts/length", out var length) && length is >= 1 and <= 8);
        Assert.Contains(events.OfType<Evaluated>(), e => e.Arm == Arms.Control);
    }

    [Theory]
    [InlineData("{ kind: on-policy, divergence: jensen-shannon }", "{ student: { kind: linear, from: 0, to: 1 }, max-new-tokens: 8 }")]
    [InlineData("{ kind: on-policy, texts: student, future: 1, length-normalized: true, whiten: true, importance: token, importance-clip: 2 }, { kind: labels }", "{ student: 0.8, max-new-tokens: 8, teacher-mix: 0.2 }")]
    [InlineData("{ kind: labels }", "{ student: 0, teacher: 1, max-new-tokens: 8 }")]
    [InlineData("{ kind: on-policy, divergence: skew-forward, texts: teacher }, { kind: on-policy, divergence: skew-reverse, texts: student }", "{ student: 0.5, teacher: 0.5, max-new-tokens: 8 }")]
    [InlineData("{ kind: on-policy, granularity: top-k, k: 4 }, { kind: soft-targets }", "{ max-new-tokens: 8, top-p: 0.9, sampling-temperature: 0.7 }")]
    public void Every_preset_trains_a_student(string objectives, string rollouts)
    {
        var run = _work.Distill("written.yaml", "run", "--set", $"distill.stages[1].objectives=[{objectives}]", "--set", $"distill.stages[1].rollouts={rollouts}", "--set", "control=false");
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        Assert.All(Workplace.Record(run).Events.OfType<StepTaken>(), s => Assert.True(double.IsFinite(s.Loss)));
    }

    [Theory]
    [InlineData("distill.stages[1].rollouts={ student: 1.2 }", "the shares of the student (1.2) and of the teacher (0) are from 0 to 1")]
    [InlineData("distill.stages[1].rollouts={ student: -0.1 }", "expected a number of at least 0")]
    [InlineData("distill.stages[1].rollouts={ student: 0.8, teacher: 0.4 }", "are more than 1 together")]
    [InlineData("distill.stages[1].rollouts={ student: 0 }", "it is about texts that the student writes, and the student writes none")]
    [InlineData("distill.stages[1].rollouts={ student: 1, prompt-tokens: 4 }", "the data has prompts, which are continued as they are")]
    [InlineData("teacher.answers={ kind: logits, folder: kept }", "answers that are kept on disk are of the texts of the data")]
    [InlineData("thread-allocation={ student: 1+1 }", "the teacher cannot answer ahead of texts that are yet to be written")]
    [InlineData("distill.stages[1].objectives=[{ kind: on-policy, granularity: sampled, gradient: loss, estimator: log-ratio }]", "nothing would be learned")]
    [InlineData("input.max-tokens=4", "prompts have more than the 4 tokens of input.max-tokens")]
    public void Bad_input_is_refused_before_anything_is_trained(string set, string word)
    {
        var answer = _work.Decant("distill", _work.At("written.yaml"), "--out", _work.At("run"), "--set", set);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(word, answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("step", answer.Out, StringComparison.Ordinal);
    }
}
