using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs;
using Decant.Runs.Jobs;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;
using Decant.Tests.Runs.Resuming;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs.Texts;

/// <summary>Runs whose language models continue test prompts.</summary>
public sealed class WrittenTextFlowTests : IDisposable
{
    private const string Trial = "capital of France";
    private readonly Workplace _work = new();
    private readonly FakeTeacher _judge = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable("DECANT_CACHE");

    public WrittenTextFlowTests()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _work.At("cache"));
        _judge.Answer = _ => new FakeReply("""{"better": "first"}""");
        _work.Write("train.jsonl", Rows(0, 60));
        _work.Write("test.jsonl", Rows(500, 20));
        _work.Write("prompts.yaml", Recipe(
            "train: { kind: jsonl, file: train.jsonl, prompt: prompt, completion: completion }",
            "test: { kind: jsonl, file: test.jsonl, prompt: prompt, completion: completion }",
            "max-new-tokens: 8"));
        _work.Write("train.txt", string.Concat(Enumerable.Range(0, 40).Select(Sentence)));
        _work.Write("test.txt", string.Concat(Enumerable.Range(100, 12).Select(Sentence)) + "eins\n");
        _work.Write("running.yaml", Recipe(
            "train: { kind: text, files: [train.txt], documents: line }",
            "test: { kind: text, files: [test.txt], documents: line }",
            "prompt-tokens: 4, max-new-tokens: 6, sampling-temperature: 0.7"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _cache);
        _judge.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void All_models_continue_the_same_prompts_and_are_compared_and_judged()
    {
        var run = _work.Distill("prompts.yaml", "run", "--set", $"evaluate.generation.judge={Judge()}");
        var events = Workplace.Record(run).Events;
        var texts = events.OfType<TextsMeasured>().ToArray();
        Assert.Equal([Arms.Teacher, Arms.Student, Arms.Control], texts.Select(t => t.Arm));
        Assert.All(texts, t => Assert.Equal((20, 8), (t.Samples, t.MaxNewTokens)));
        Assert.All(texts, t => Assert.InRange(t.Metrics["rouge-l"], 0, 1));
        foreach (var arm in texts.Select(t => t.Arm))
        {
            var lines = File.ReadAllLines(Path.Combine(run, "texts", $"{arm}.jsonl")).Select(l => JsonNode.Parse(l)!).ToArray();
            Assert.Equal(Words(500, 20).Select(w => $"{w} ->"), lines.Select(l => (string)l["prompt"]!));
            Assert.Equal(Words(500, 20).Select(w => $" {w}"), lines.Select(l => (string)l["reference"]!));
            Assert.All(lines, l => Assert.Contains((string)l["end"]!, new[] { "stop-token", "max-new-tokens" }));
            var exact = lines.Average(l => ((string)l["text"]!).Trim() == ((string)l["reference"]!).Trim() ? 1.0 : 0);
            Assert.Equal(exact, texts.Single(t => t.Arm == arm).Metrics["text-exact-match"], 12);
            Assert.Equal(lines.Average(l => (int)l["tokens"]!), texts.Single(t => t.Arm == arm).Metrics["generated-tokens"], 12);
        }

        bool IsExact(string arm) => texts.Single(t => t.Arm == arm).Metrics["text-exact-match"] > 0;
        string[] compared = ["student control rouge-l", "student control text-exact-match", "teacher student rouge-l", "teacher student text-exact-match"];
        Assert.Equal(compared.Where(c => c.EndsWith("rouge-l", StringComparison.Ordinal) || c.Split(' ')[..2].Any(IsExact)), events.OfType<TextsCompared>().Select(c => $"{c.A} {c.B} {c.Metric}"));
        var difference = events.OfType<TextsCompared>().First();
        Assert.Equal(Rouge(texts, Arms.Student) - Rouge(texts, Arms.Control), difference.Difference, 12);
        Assert.InRange(difference.Difference, difference.Low, difference.High);
        Assert.Equal(20, difference.Samples);
        Assert.All(events.OfType<TextsJudged>(), j => Assert.Equal((0, 20, 0, 0.5, 20), (j.Wins, j.Ties, j.Losses, j.Rate, j.Identical + j.Disagreed))); // it always says first
        Assert.Equal([Arms.Control, Arms.Teacher], events.OfType<TextsJudged>().Select(j => j.B));
        Assert.Equal(1 + (2 * events.OfType<TextsJudged>().Sum(j => j.Disagreed)), _judge.Requests.Count); // the trial, and both orders of what differs
        var verdict = Assert.Single(events.OfType<Comparison>(), c => c is { A: Arms.Student, B: Arms.Control });
        Assert.Equal("bits-per-byte", verdict.Metric); // the verdict of the run stays what it is

        var shown = events.OfType<Continued>().Where(c => c.IsOfTest).ToArray();
        Assert.Equal(4, shown.Length);
        Assert.All(shown, c => Assert.Equal(3, c.Continuations.Count));
        var report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("ROUGE-L", report, StringComparison.Ordinal);
        Assert.Contains("The text itself", report, StringComparison.Ordinal);
        Assert.Contains("Whose texts a judge preferred", report, StringComparison.Ordinal);
        Assert.Single(report.Split("How they go on").Skip(1));
        using var summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "summary.json")));
        Assert.Equal(Rouge(texts, Arms.Student), summary.RootElement.GetProperty("student").GetProperty("metrics").GetProperty("rouge-l").GetDouble(), 12);
        Assert.Equal(events.OfType<TextsCompared>().Count(), summary.RootElement.GetProperty("texts").GetArrayLength());
        Assert.Equal(2, summary.RootElement.GetProperty("texts_judged").GetArrayLength());

        var asked = _judge.Requests.Count;
        var again = _work.Decant("distill", _work.At("prompts.yaml"), "--out", _work.At("again"), "--set", $"evaluate.generation.judge={Judge()}");
        Assert.True(again.Exit == 0, again.Error);
        Assert.Equal(asked, _judge.Requests.Count); // nothing is paid for twice
        Assert.Contains("the judge does not measurably prefer student or control", Workplace.Words(again.Out), StringComparison.Ordinal);
        Assert.Contains("ROUGE-L", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_text_is_cut_after_the_first_tokens_of_a_document_and_seeds_are_crossed()
    {
        var run = _work.Distill("running.yaml", "run", "--set", "seed=null", "--set", "seeds=[3, 4]");
        var events = Workplace.Record(run).Events;
        Assert.Equal(12, events.OfType<TextsMeasured>().First().Samples);
        Assert.Equal(2, events.OfType<TextsCompared>().First().Seeds);
        Assert.Contains("evaluate.generation: 1 of the 13 test samples that were drawn are documents without text behind the 4 tokens of a prompt: no model is given it.", Workplace.Notes(run), StringComparison.Ordinal);
        var whole = File.ReadAllLines(_work.At("test.txt"));
        var (first, second) = (Lines("student.jsonl"), Lines(Path.Combine("seed-4", "student.jsonl")));
        Assert.Equal(first.Select(l => (string)l["prompt"]!), second.Select(l => (string)l["prompt"]!));
        Assert.All(first.Zip(whole), l => Assert.StartsWith((string)l.First["prompt"]! + (string)l.First["reference"]!, l.Second, StringComparison.Ordinal));
        Assert.NotEqual(first.Select(l => (string)l["text"]!), second.Select(l => (string)l["text"]!));
        Assert.Contains("crossed with 2 seeds", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);

        JsonNode[] Lines(string file) => [.. File.ReadAllLines(Path.Combine(run, "texts", file)).Select(l => JsonNode.Parse(l)!)];
    }

    [Theory]
    [InlineData(Arms.Teacher)]
    [InlineData(Arms.Control)]
    public void Stopped_among_the_texts_it_goes_on_to_the_same_figures(string arm)
    {
        string[] sets = ["distill.epochs=1", "evaluate.latency-runs=0"];
        string[] typed = [.. sets.SelectMany(s => new[] { "--set", s })];
        var whole = _work.Distill("running.yaml", "whole", typed);
        using var stop = new CancellationTokenSource();
        var run = _work.At("stopped");
        Assert.Throws<OperationCanceledException>(() => new DistillJob(Catalog.Standard).Run(
            _work.Recipe("running.yaml", sets), new RunOptions { Out = run }, new Watcher(e => { if (e is TextsMeasured texts && texts.Arm == arm) stop.Cancel(); }), stop.Token));
        if (arm == Arms.Control)
            File.WriteAllText(Path.Combine(run, "texts", "student.jsonl"), "{\"prompt\": \"other\"}\n"); // a file that was changed is written anew
        var answer = _work.Decant("distill", "--resume", run);
        Assert.True(answer.Exit == 0, answer.Error);
        WholeRun.AreSame(whole, run);
        Assert.Equal(Events(whole), Events(run));

        static IEnumerable<string> Events(string folder) => Workplace.Record(folder).Events.Where(e => e is TextsMeasured or TextsCompared or Continued).Select(e => JsonSerializer.Serialize(e with { Time = default }));
    }

    [Fact]
    public void A_budget_that_is_spent_ends_the_asking_and_not_the_run()
    {
        var run = _work.Distill("prompts.yaml", "run", "--set", $"evaluate.generation.judge={Judge("budget: { requests: 5 }, limit: { concurrency: 1 }")}", "--set", "evaluate.generation.sampling-temperature=1");
        Assert.Equal(5, _judge.Requests.Count);
        var judged = Workplace.Record(run).Events.OfType<TextsJudged>().ToArray();
        Assert.Equal(2, judged.Length);
        Assert.All(judged, j => Assert.Equal(20, j.Ties + j.Unasked));
        Assert.True(judged[0].Unasked > 0);
        Assert.Contains("The judge's budget (evaluate.generation.judge.budget) was spent after", Workplace.Notes(run), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unusable_trial_or_a_missing_key_ends_it_before_anything_is_trained()
    {
        _judge.Answer = _ => new FakeReply("no JSON");
        var (exit, _, error) = _work.Decant("distill", _work.At("prompts.yaml"), "--out", _work.At("run"), "--set", $"evaluate.generation.judge={Judge()}");
        Assert.NotEqual(0, exit);
        Assert.Contains("what came cannot be used (prose): 'no JSON'. Nothing was trained.", Workplace.Words(error), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("run")));
        var keyless = _work.Decant("distill", _work.At("prompts.yaml"), "--out", _work.At("run"), "--set", $"evaluate.generation.judge={Judge("budget: { requests: 9 }", "https://judge.invalid/v1")}");
        Assert.NotEqual(0, keyless.Exit);
        Assert.Contains("expected a key in the environment variable DECANT_TEST_NO_KEY", Workplace.Words(keyless.Error), StringComparison.Ordinal);
        var check = _work.Decant("check", _work.At("prompts.yaml"), "--set", $"evaluate.generation.judge={Judge("budget: { requests: 9 }", "https://judge.invalid/v1")}");
        Assert.True(check.Exit == 0, check.Error); // a check asks nothing
        Assert.Contains("each model continues 20 test prompts by at most 8 tokens; tiny-1 judges student against control and teacher, at most 40 questions each", Workplace.Words(check.Out), StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_of_a_judge_is_counted_and_said()
    {
        _judge.Answer = request => new FakeReply(request["messages"]!.ToJsonString().Contains(Trial, StringComparison.Ordinal) ? """{"better": "first"}""" : "perhaps");
        var run = _work.Distill("prompts.yaml", "run", "--set", $"evaluate.generation.judge={Judge()}", "--set", "evaluate.generation.sampling-temperature=1");
        var judged = Workplace.Record(run).Events.OfType<TextsJudged>().First();
        Assert.Equal(20, judged.Unusable + judged.Identical);
        Assert.True(judged.Unusable > 0);
        Assert.Contains("answers of the judge cannot be used (prose", Workplace.Notes(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_end_at_once_are_said_to_have_written_nothing()
    {
        _work.Write("empty.jsonl", string.Concat(Words(0, 60).Select(w => $$"""{"prompt": "{{w}} ->", "completion": " "}""" + "\n")));
        var run = _work.Distill("prompts.yaml", "run", "--set", "data.train.file=empty.jsonl", "--set", "distill.epochs=40", "--set", "teacher.train.epochs=40");
        Assert.Contains("student, seed 3: all 20 generated texts are empty", Workplace.Notes(run), StringComparison.Ordinal);
        Assert.Equal(20, Workplace.Record(run).Events.OfType<TextsMeasured>().Single(t => t.Arm == Arms.Student).Empty);
        Assert.Contains("<em>nothing</em>", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trained_model_is_measured_alone_and_against_another()
    {
        var run = _work.Distill("prompts.yaml", "run");
        var measured = _work.Decant("evaluate", Path.Combine(run, Arms.Student), "--json");
        Assert.True(measured.Exit == 0, measured.Error);
        var of = Workplace.Record(run).Events.OfType<TextsMeasured>().Single(t => t.Arm == Arms.Student);
        var rouge = of.Metrics["rouge-l"].ToString("R", CultureInfo.InvariantCulture);
        Assert.Contains(rouge, measured.Out, StringComparison.Ordinal);
        _work.Write("plain.yaml", File.ReadAllText(_work.At("prompts.yaml")).Replace(", generation: { max-new-tokens: 8 }", "", StringComparison.Ordinal));
        var plain = _work.Decant("evaluate", Path.Combine(run, Arms.Student), "--recipe", _work.At("plain.yaml"), "--json");
        Assert.DoesNotContain("rouge-l", plain.Out, StringComparison.Ordinal);
        var added = _work.Decant("evaluate", Path.Combine(run, Arms.Student), "--recipe", _work.At("plain.yaml"), "--set", "evaluate.generation={}", "--json");
        Assert.True(added.Exit == 0, added.Error);
        Assert.Contains("rouge-l", added.Out, StringComparison.Ordinal);
        var both = _work.Decant("compare", Path.Combine(run, Arms.Student), Path.Combine(run, Arms.Control));
        Assert.True(both.Exit == 0, both.Error);
        Assert.Contains("ROUGE-L", both.Out, StringComparison.Ordinal);
        Assert.Contains("Generated texts:", both.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompts.yaml", "evaluate.generation.samples=21", "21 prompts are asked for, and the test split has 20. Say 20 or fewer")]
    [InlineData("running.yaml", "evaluate.generation.samples=13", "the test split has 12. evaluate.generation: 1 of the 13 test samples that were drawn are documents without text behind the 4 tokens")]
    [InlineData("prompts.yaml", "evaluate.generation.prompt-tokens=4", "the test split has prompts of its own, with completions; leave it out")]
    [InlineData("running.yaml", "evaluate.generation.prompt-tokens=500", "the test split has no prompt with something behind it. evaluate.generation: 13 of the 13 test samples that were drawn are documents without text behind the 500 tokens")]
    [InlineData("prompts.yaml", "input.max-tokens=3", "a test prompt has 3 tokens, and the teacher reads at most 3, one of them new")]
    [InlineData("prompts.yaml", "data.test.file=long.jsonl", "20 of the 20 test samples that were drawn have a prompt of more than the 24 tokens of input.max-tokens: no model is given them")]
    [InlineData("prompts.yaml", "data.test.file=blank.jsonl", "20 of the 20 test samples that were drawn have no completion to compare with")]
    [InlineData("prompts.yaml", "evaluate.generation.judge={ endpoint: 'http://localhost:1/v1', model: m, answers: a }", "expected what the judge may cost, came nothing")]
    [InlineData("prompts.yaml", "evaluate.generation.judge={ endpoint: 'http://localhost:1/v1', model: m, answers: a, budget: { money: 1 } }", "money is limited, and the prices are missing")]
    [InlineData("prompts.yaml", "evaluate.generation.sample=2", "unknown key 'sample'")]
    public void What_does_not_fit_is_refused_before_the_run(string recipe, string set, string expected)
    {
        _work.Write("blank.jsonl", string.Concat(Words(500, 20).Select(w => $$"""{"prompt": "{{w}} ->", "completion": " "}""" + "\n")));
        _work.Write("long.jsonl", string.Concat(Words(500, 20).Select(w => $$"""{"prompt": "{{string.Concat(Enumerable.Repeat(w, 30))}} ->", "completion": "{{w}}"}""" + "\n")));
        var (exit, _, error) = _work.Decant("check", _work.At(recipe), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
    }

    private static double Rouge(TextsMeasured[] texts, string arm) => texts.Single(t => t.Arm == arm).Metrics["rouge-l"];

    private string Judge(string more = "budget: { requests: 500 }", string? endpoint = null) =>
        $"{{ endpoint: '{endpoint ?? _judge.Endpoint.Address.ToString()}', model: {FakeTeacher.Model}, key: DECANT_TEST_NO_KEY, answers: '{_work.At("answers")}', {more} }}";

    private static string Recipe(string train, string test, string generation) => $$"""
        name: writing
        task: causal-lm
        seed: 3
        threads: 1
        data: { {{train}}, {{test}}, split: { validation: 4 } }
        input: { kind: text, tokenizer: { kind: byte-bpe, vocabulary: 300 }, max-tokens: 24 }
        teacher:
          model: { kind: llama, layers: 2, hidden: 32, heads: 2 }
          train: { epochs: 4, batch: 8, optimizer: { kind: adamw, learning-rate: 5e-3 } }
        student:
          model: { kind: llama, layers: 1, hidden: 16, heads: 2 }
        distill:
          epochs: 4
          batch: 8
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives: [{ kind: soft-targets, weight: 0.5 }, { kind: labels, weight: 0.5 }]
        evaluate: { bootstrap: 200, latency-runs: 0, generation: { {{generation}} } }
        """;

    private static string Rows(int seed, int count)
    {
        var rows = new StringBuilder();
        foreach (var word in Words(seed, count))
            rows.Append(CultureInfo.InvariantCulture, $"{{\"prompt\": \"{word} ->\", \"completion\": \" {word}\"}}\n");
        return rows.ToString();
    }

    private static string[] Words(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new string([.. Enumerable.Range(0, 4).Select(_ => "abcdef"[random.Next(6)])]))];
    }

    private static string Sentence(int number) => $"eins zwei {number} drei vier fünf {number * number} sechs sieben acht neun zehn\n";
}
