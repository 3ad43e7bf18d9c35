using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Runs.Reports.Record;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs;

/// <summary>A language model that learns what a chat model wrote: it says a word's letters backwards.</summary>
public sealed class ChatWriterFlowTests : IDisposable
{
    private const string Letters = "abcdef";
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new() { GivesChoices = true };

    public ChatWriterFlowTests()
    {
        _teacher.Answer = request => new FakeReply(Backwards(Word(request)));
        Write("train.jsonl", 0, 30);
        Write("test.jsonl", 500, 60);
        _work.Write("prompts.csv", "text\n" + string.Join('\n', Words(100, 300).Select(w => $"{w} ->")) + "\n" + Words(500, 1)[0] + " ->\n");
        _work.Write("write.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: backwards
            task: causal-lm
            seed: 3
            threads: 1
            data:
              train: { kind: jsonl, file: train.jsonl, prompt: prompt, completion: completion }
              test: { kind: jsonl, file: test.jsonl, prompt: prompt, completion: completion }
              split: { validation: 10 }
            input:
              kind: text
              tokenizer: { kind: byte-bpe, vocabulary: 300 }
              max-tokens: 24
            teacher:
              chat:
                endpoint: {{_teacher.Endpoint.Address}}
                model: {{FakeTeacher.Model}}
                key: DECANT_TEST_NO_KEY
                terms: those of the test
                answers: answers
                write: { max-output-tokens: 20 }
            student:
              model: { kind: llama, layers: 1, hidden: 32, heads: 2 }
            distill:
              transfer-set: { data: { kind: csv, file: prompts.csv, text: text, label: null } }
              epochs: 6
              batch: 16
              optimizer: { kind: adamw, learning-rate: 5e-3 }
              objectives:
                - { kind: labels }
            evaluate: { bootstrap: 100, latency-runs: 3, prompts: ["abc ->"] }
            """));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_what_it_wrote_and_its_control_what_people_wrote()
    {
        var run = _work.Distill("write.yaml", "run", "--yes", "--set", "evaluate.generation={ samples: 20, max-new-tokens: 8 }");
        var record = Workplace.Record(run).Events;
        Assert.Equal([Arms.Student, Arms.Control], record.OfType<TextsMeasured>().Select(t => t.Arm)); // it is not asked about test prompts
        var bits = record.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["bits-per-byte"]);
        Assert.Equal([Arms.Student, Arms.Control], bits.Keys.Order(StringComparer.Ordinal).Reverse());
        Assert.True(bits[Arms.Student] < bits[Arms.Control], $"{bits[Arms.Student]} after 300 texts of the teacher, {bits[Arms.Control]} after 20 of people");
        Assert.DoesNotContain(record.OfType<LatencyMeasured>(), l => l.Arm == Arms.Teacher);
        Assert.Contains(record.OfType<Comparison>(), c => c is { A: Arms.Student, B: Arms.Control });
        var notes = Workplace.Notes(run);
        Assert.Contains("1 prompts are also in the validation or test split", notes, StringComparison.Ordinal);
        Assert.Contains("The student learns 300 texts that the teacher wrote of 300 prompts. Of the teacher itself nothing is measured", notes, StringComparison.Ordinal);
        Assert.Contains("Terms of the teacher: those of the test", notes, StringComparison.Ordinal);
        Assert.Equal(300, _teacher.Requests.Count);
        Assert.Contains("a chat model behind an API", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        using (var summary = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))))
            Assert.Equal((false, true), (summary.RootElement.TryGetProperty("teacher", out _), summary.RootElement.TryGetProperty("student", out _))); // no column of dashes
        Assert.All(record.OfType<TeacherSaid>().Single().Texts, t => Assert.Equal(Backwards(t.Text.Split(' ')[0]), t.Said));
        var again = _work.Distill("write.yaml", "again", "--yes");
        Assert.Equal(300, _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(run, "student"), Workplace.Weights(again, "student"));
    }

    [Fact]
    public void The_threads_of_student_and_control_are_chosen_without_a_teacher()
    {
        var run = _work.Distill("write.yaml", "run", "--yes", "--set", "threads=2", "--set", "distill.epochs=12");
        Assert.Equal([Arms.Student, Arms.Control], Workplace.Record(run).Events.OfType<Evaluated>().Select(e => e.Arm));
    }

    [Fact]
    public void Without_other_prompts_it_is_asked_about_those_of_the_training_split_and_reasons_are_a_second_task()
    {
        _teacher.Answer = request => new FakeReply(new JsonObject { ["answer"] = Backwards(Word(request)), ["rationale"] = "since " + Word(request) }.ToJsonString());
        string[] reasons = ["--set", "distill.transfer-set=null", "--set", "teacher.chat.write={ rationale: { prompt: '{text} why?' } }", "--set", "distill.epochs=1"];
        var check = _work.Decant(["check", _work.At("write.yaml"), .. reasons]);
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("would be asked about 20 of 20 prompts", Workplace.Words(check.Out), StringComparison.Ordinal);
        var run = _work.Distill("write.yaml", "run", ["--yes", .. reasons]);
        Assert.Contains("The student learns 40 texts that the teacher wrote of 20 prompts", Workplace.Notes(run), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count);
    }

    [Theory]
    [InlineData("train.jsonl", "prompt: prompt, completion: completion")]
    [InlineData("table.csv", "prompt: question, completion: answer")]
    public void A_new_recipe_is_right_but_for_the_terms(string file, string expected)
    {
        _work.Write("lines.txt", "a line\nanother line\n");
        _work.Write("table.csv", "question,answer\n" + string.Join('\n', Words(0, 40).Select(w => $"{w},{Backwards(w)}")) + "\n");
        var written = _work.Decant("new", "writer-from-prompt", "--data", _work.At(file), "--out", _work.At("new.yaml"));
        Assert.True(written.Exit == 0, written.Error);
        Assert.Contains(expected, File.ReadAllText(_work.At("new.yaml")), StringComparison.Ordinal);
        Assert.Contains("name them: they go into the model card", Workplace.Words(_work.Decant("check", _work.At("new.yaml")).Error), StringComparison.Ordinal);
        var check = _work.Decant("check", _work.At("new.yaml"), "--set", "teacher.chat.terms=none", "--set", "input.tokenizer.vocabulary=300");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("prompts; a check asks nothing", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Contains("expected a table with a column of prompts", Workplace.Words(_work.Decant("new", "writer-from-prompt", "--data", _work.At("lines.txt"), "--out", _work.At("none.yaml")).Error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_compares_without_a_teacher_that_could_be_measured()
    {
        _work.Write("study.yaml", "name: writing\nrecipe: write.yaml\nseeds: [1]\nset: [\"distill.epochs=1\"]\nvariants:\n  - { name: one, set: [] }\n  - { name: three, set: [\"teacher.chat.write={ samples: 3 }\"] }\n");
        var study = _work.Decant("study", _work.At("study.yaml"), "--yes", "--quiet", "--out", _work.At("study"));
        Assert.True(study.Exit == 0, study.Error);
        var table = File.ReadAllText(_work.At("study", "study.md"));
        Assert.DoesNotContain("| teacher |", table, StringComparison.Ordinal);
        Assert.Contains("| three |", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distill.objectives=[{ kind: soft-targets }]", "no probabilities are known; use labels")]
    [InlineData("teacher.chat.write=null", "needs what is to be written")]
    [InlineData("teacher.chat.ask={}", "'ask' is for classification")]
    [InlineData("data.train={ kind: csv, file: prompts.csv, text: text, label: null }", "this is running text")]
    [InlineData("teacher.chat.write={ prompt: Translate. }", "expected {text}")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("write.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void When_all_it_writes_is_cut_off_the_run_ends_after_the_first_answers()
    {
        _teacher.Answer = _ => new FakeReply("");
        var ended = _work.Decant("distill", _work.At("write.yaml"), "--quiet", "--yes", "--out", _work.At("run"));
        Assert.NotEqual(0, ended.Exit);
        Assert.Contains("none of the first 20 answers is a text that can be used: 20 of 20 answers cannot be used (empty 20)", Workplace.Words(ended.Error), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count);
    }

    private void Write(string file, int first, int count) => _work.Write(file, string.Join('\n', Words(first, count).Select(w => new JsonObject { ["prompt"] = $"{w} ->", ["completion"] = $" {Backwards(w)}" }.ToJsonString())));

    private static string[] Words(int first, int count) => [.. Enumerable.Range(first, count).Select(i =>
    {
        var word = new StringBuilder();
        for (var n = (i * 7919) + 1296; n > 0; n /= Letters.Length)
            word.Append(Letters[n % Letters.Length]);
        return word.ToString();
    })];

    private static string Word(JsonNode request) => FakeTeacherWire.Last(request).Split(' ')[0];

    private static string Backwards(string word) => new([.. word.Reverse()]);
}
