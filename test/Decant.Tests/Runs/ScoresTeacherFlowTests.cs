using System.Globalization;
using Decant.Runs.Reports.Record;
using Decant.Tests.Teachers.Remote;
using Decant.Tests.Teachers.Remote.Scoring;
using Decant.Text.Files;
using Decant.Text.Training;

namespace Decant.Tests.Runs;

/// <summary>A student that writes texts itself, and a teacher behind an API that scores their tokens.</summary>
public sealed class ScoresTeacherFlowTests : IDisposable
{
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new();
    private readonly int _eye;

    public ScoresTeacherFlowTests()
    {
        var rows = Enumerable.Range(0, 40).Select(i => (Prompt: $"{i % 7} eyes {i} ->", Completion: $" {i} {(i % 2 == 0 ? "aye" : "nay")}")).ToArray();
        var tokenizer = new ByteBpeOptions { Vocabulary = 300 }.Train(rows.Select(r => r.Prompt + r.Completion));
        Directory.CreateDirectory(_work.At("tokenizer"));
        TokenizerFile.Save(tokenizer, _work.At("tokenizer"), 24);
        _eye = tokenizer.Encode("a")[0];
        _teacher.Completes = request => ScoringWire.Answer(request, at => ScoringWire.Prompt(request)[at] == _eye ? -0.1 : -6, id => tokenizer.Decode([id], keepSpecial: true)); // it likes one letter
        foreach (var (name, from, count) in new[] { ("train", 0, 30), ("test", 30, 10) })
            _work.Write($"{name}.jsonl", string.Concat(rows.Skip(from).Take(count).Select(r => $"{{\"prompt\": \"{r.Prompt}\", \"completion\": \"{r.Completion}\"}}\n")));
        _work.Write("scored.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: scored
            task: causal-lm
            seed: 3
            threads: 1
            data:
              train: { kind: jsonl, file: train.jsonl, prompt: prompt, completion: completion }
              test: { kind: jsonl, file: test.jsonl, prompt: prompt, completion: completion }
              split: { validation: 6 }
            input:
              kind: text
              tokenizer: { kind: load, from: tokenizer }
              max-tokens: 32
            teacher:
              scores:
                endpoint: {{_teacher.Endpoint.Address}}
                model: {{FakeTeacher.Model}}
                key: DECANT_TEST_NO_KEY
                terms: those of the test
            student:
              model: { kind: llama, layers: 1, hidden: 32, heads: 2 }
            distill:
              batch: 8
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              stages:
                - { name: imitation, epochs: 2, objectives: [{ kind: labels }] }
                - { name: on-policy, steps: 12, rollouts: { student: 1, max-new-tokens: 6 }, objectives: [{ kind: on-policy, granularity: sampled, center: true }] }
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_check_asks_nothing_and_a_run_asks_about_what_the_student_wrote()
    {
        var check = _work.Decant("check", _work.At("scored.yaml"));
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("a check asks nothing", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
        var run = _work.Distill("scored.yaml", "run");
        var record = Workplace.Record(run).Events;
        Assert.Equal([Arms.Student, Arms.Control], record.OfType<Evaluated>().Select(e => e.Arm)); // of the teacher nothing is measured
        Assert.DoesNotContain(record.OfType<LatencyMeasured>(), l => l.Arm == Arms.Teacher);
        // One trial, 12 updates of 8 texts, and 6 held-out prompts before the training and in validations.
        Assert.InRange(_teacher.Requests.Count, 1 + (12 * 8) + 6, 1 + (12 * 8) + (6 * 14));
        Assert.InRange(ScoringWire.Prompt(_teacher.Requests.First()).Length, 2, 8);
        var notes = Workplace.Notes(run);
        Assert.Contains("which is asked about each text that the student writes", notes, StringComparison.Ordinal);
        Assert.Contains("Terms of the teacher: those of the test", notes, StringComparison.Ordinal);
        Assert.Contains("perplexity of the teacher on them", notes, StringComparison.Ordinal);
        Assert.Contains("a language model behind an API that scores texts", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        var liked = _teacher.Requests.Skip(1).Select(ScoringWire.Prompt).Select(ids => ids.TakeLast(3).Count(id => id == _eye) / 3.0).ToArray();
        Assert.True(liked[^20..].Average() > liked[..20].Average(), $"{liked[..20].Average()} of the last tokens were what the teacher likes at first, {liked[^20..].Average()} in the end");
    }

    [Fact]
    public void A_server_without_scores_ends_the_run_before_anything_is_trained()
    {
        _teacher.Completes = _ => System.Text.Json.Nodes.JsonNode.Parse("""{"choices":[{"text":"x","logprobs":null}]}""")!;
        var (exit, _, error) = _work.Decant("distill", _work.At("scored.yaml"), "--out", _work.At("run"), "--quiet");
        Assert.NotEqual(0, exit);
        Assert.Contains("gives no log-probabilities of a prompt's tokens", Workplace.Words(error), StringComparison.Ordinal);
        Assert.Single(_teacher.Requests);
    }

    [Theory]
    [InlineData("distill.stages[1].objectives=[{ kind: on-policy }]", "use 'granularity: sampled'")]
    [InlineData("distill.stages[1].objectives=[{ kind: on-policy, granularity: sampled, temperature: 2 }]", "scores at temperature 1")]
    [InlineData("distill.stages[0].objectives=[{ kind: soft-targets }]", "'soft-targets' needs more of the teacher")]
    [InlineData("distill.stages[1].rollouts=null", "it writes none")]
    [InlineData("distill.stages[1].rollouts.teacher=0.2", "writes none here")]
    [InlineData("input.tokenizer={ kind: byte-bpe, vocabulary: 300 }", "one tokenizer must be the student's and the server's")]
    [InlineData("input.tokenizer=null", "one tokenizer must be the student's and the server's")]
    [InlineData("task=classification", "it scores the tokens of texts")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "has no layers to begin with")]
    [InlineData("student.generations=2", "texts of one student")]
    [InlineData("assistants=[{ model: { kind: llama, layers: 1, hidden: 32, heads: 2 } }]", "texts of one student")]
    [InlineData("teacher.load=elsewhere", "keep 'scores' alone under teacher")]
    [InlineData("teacher.answers={ kind: logits, folder: answers }", "keep 'scores' alone under teacher")]
    [InlineData("teacher.scores.terms=''", "expected the terms or licence")]
    [InlineData("teacher.scores.budget={ money: 1 }", "the prices are missing")]
    [InlineData("teacher.scores.endpoint=here", "teacher.scores.endpoint: expected the address of an API")]
    [InlineData("teacher.scores.ask={ generated-tokens: 2 }", "generated-tokens")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("scored.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }
}
