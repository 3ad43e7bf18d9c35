using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A model that teaches itself: with a context, with weights that follow, by the tag of a sample; from the command line to the report.</summary>
public sealed class SelfDistillationFlowTests : IDisposable
{
    private const string Recipe = """
        name: self
        task: causal-lm
        seed: 3
        threads: 1
        data:
          train: { kind: jsonl, file: words.jsonl, completion: completion, context: hint }
          validation: { kind: jsonl, file: more.jsonl, completion: completion, context: hint }
          test: { kind: jsonl, file: more.jsonl, completion: completion, context: hint }
        input:
          kind: text
          tokenizer: { kind: byte-bpe, vocabulary: 300 }
          max-tokens: 24
        teacher:
          model: { kind: gpt2, layers: 1, hidden: 16, heads: 2, dropout: 0.1 }
          train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 5e-3 } }
        student:
          from-teacher: {}
        distill:
          steps: 6
          batch: 8
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives:
            - { kind: soft-targets, temperature: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0, generation: { samples: 5, max-new-tokens: 3 } }
        """;

    private const string Tagged = """
        name: tagged
        task: causal-lm
        seed: 3
        threads: 1
        data:
          train:
            kind: join
            sources:
              - { from: { kind: jsonl, file: words.jsonl, completion: completion }, tag: old }
              - { from: { kind: jsonl, file: new.jsonl, completion: completion }, tag: new }
          test: { kind: jsonl, file: more.jsonl, completion: completion }
        input:
          kind: text
          tokenizer: { kind: byte-bpe, vocabulary: 300 }
          max-tokens: 24
        teachers:
          - name: first
            tags: [old]
            model: { kind: gpt2, layers: 1, hidden: 16, heads: 2 }
            train: { steps: 4, batch: 8, optimizer: { kind: adamw, learning-rate: 5e-3 } }
        ensemble: { labels-only: [new] }
        student:
          model: { kind: gpt2, layers: 1, hidden: 8, heads: 2 }
        distill:
          steps: 6
          batch: 8
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives:
            - { kind: soft-targets, temperature: 1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private readonly Workplace _work = new();

    public SelfDistillationFlowTests()
    {
        _work.Write("self.yaml", Recipe);
        _work.Write("tagged.yaml", Tagged);
        _work.Write("words.jsonl", Hinted(48, 8));
        _work.Write("more.jsonl", Hinted(20, 9));
        _work.Write("new.jsonl", Workplace.Words(24, 10));
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_student_learns_without_what_its_teacher_is_given_and_the_run_says_so()
    {
        var run = _work.Distill("self.yaml", "run");
        var notes = Workplace.Notes(run);
        Assert.Contains("The teacher is given a context ('hint') that the student is not", notes, StringComparison.Ordinal);
        Assert.Contains("1 of 48 training samples have no context", notes, StringComparison.Ordinal);
        Assert.All(Workplace.Record(run).Events.OfType<StepTaken>(), s => Assert.True(double.IsFinite(s.Loss)));
        Assert.Contains(Workplace.Record(run).Events.OfType<Evaluated>(), e => e.Arm == Arms.Teacher);
    }

    [Theory]
    [InlineData("teacher.follow={ kind: live }")]
    [InlineData("teacher.follow={ kind: average, momentum: 0.9 }")]
    [InlineData("teacher.context={ max-tokens: 40 }")]
    [InlineData("distill.rollouts={ student: 1, max-new-tokens: 4 }")]
    public void Every_form_trains(string set)
    {
        var run = _work.Distill("self.yaml", "run", "--set", set, "--set", "control=false");
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        Assert.All(Workplace.Record(run).Events.OfType<StepTaken>(), s => Assert.True(double.IsFinite(s.Loss)));
    }

    [Fact]
    public void A_fixed_text_before_running_text_is_measured_with_it()
    {
        _work.Write("text.txt", string.Join("\n\n", Enumerable.Range(0, 60).Select(i => $"the {i} cats sat on the mat and the {i % 7} dogs did not")));
        _work.Write("other.txt", string.Join("\n\n", Enumerable.Range(0, 20).Select(i => $"the {i} dogs sat on the mat and the {i % 7} cats did not")));
        var run = _work.Distill("self.yaml", "run", "--set", "data={ train: { kind: text, files: [text.txt], documents: blank-line }, test: { kind: text, files: [other.txt], documents: blank-line } }",
            "--set", "teacher.context={ text: 'cats: ' }", "--set", "control=false", "--set", "evaluate.generation.prompt-tokens=4");
        Assert.Contains("The teacher is given a text that the student is not", Workplace.Notes(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_has_a_system_message_for_its_teacher()
    {
        _work.Write("template.jinja", "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }};{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        _work.Write("chats.jsonl", string.Join('\n', Enumerable.Range(0, 24).Select(i => $$"""{"hint": "be {{i % 3}}", "messages": [{"role": "user", "content": "say {{i % 5}}"}, {"role": "assistant", "content": "ok {{i % 3}}"}]}""")));
        const string Source = "{ kind: chat, file: chats.jsonl, template: template.jinja, context: hint }";
        string[] set = ["--set", $"data={{ train: {Source}, test: {Source} }}", "--set", "control=false", "--set", "evaluate={ latency-runs: 0, bootstrap: 100 }", "--set", "input.max-tokens=64"];
        var run = _work.Distill("self.yaml", "run", set);
        Assert.Contains("The teacher is given a context ('hint')", Workplace.Notes(run), StringComparison.Ordinal);
        var packed = _work.Distill("self.yaml", "packed", [.. set, "--set", "input.documents=separate"]);
        Assert.True(File.Exists(Path.Combine(packed, "report.html")));
    }

    [Fact]
    public void A_template_that_writes_replies_in_another_way_is_refused()
    {
        _work.Write("template.jinja", "{% set loud = messages[0]['role'] == 'system' %}{% for message in messages %}<{{ message['role'] }}>{% if loud %}{{ message['content'] | upper }}{% else %}{{ message['content'] }}{% endif %};{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        _work.Write("chats.jsonl", """{"hint": "be", "messages": [{"role": "user", "content": "say"}, {"role": "assistant", "content": "ok"}]}""" + "\n" + """{"hint": "be", "messages": [{"role": "user", "content": "do"}, {"role": "assistant", "content": "no"}]}""");
        const string Source = "{ kind: chat, file: chats.jsonl, template: template.jinja, context: hint }";
        Refused("self.yaml", "makes other tokens of what the assistant says", "--set", $"data={{ train: {Source}, test: {Source} }}", "--set", "evaluate={ latency-runs: 0 }");
    }

    [Theory]
    [InlineData("teacher.context={ max-tokens: 8 }", "Nothing is cut off of a context")]
    [InlineData("teacher.context={ text: x }", "each sample has a context of its own")]
    [InlineData("teacher.context={ text: '' }", "the text is empty")]
    [InlineData("data.train.context=missing", "has no field 'missing'")]
    [InlineData("data.train.context=empty", "no sample has a context")]
    [InlineData("input.carry-state=true", "a context would stand in the middle of")]
    [InlineData("distill.rollouts={ student: 0.5, teacher: 0.5, max-new-tokens: 4 }", "judges texts, and writes none")]
    [InlineData("teacher.follow={ kind: live, momentum: 0.5 }", "'momentum' is for a moving average")]
    [InlineData("teacher.follow={ kind: average, momentum: 1 }", "the average never moves")]
    [InlineData("teacher={ follow: { kind: live }, answers: { kind: logits, folder: kept } }", "no answer can be used again")]
    [InlineData("thread-allocation={ student: 1+1 }", "yet to be learned")]
    [InlineData("student={ model: { kind: gpt2, layers: 1, hidden: 16, heads: 2 } }", "'from-teacher: {}', the whole teacher")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "'from-teacher: {}', the whole teacher")]
    public void Bad_input_is_refused_before_anything_is_trained(string set, string words)
    {
        string[] follow = set.StartsWith("student", StringComparison.Ordinal) || set.StartsWith("thread", StringComparison.Ordinal) ? ["--set", "teacher.follow={ kind: live }"] : [];
        Refused("self.yaml", words, ["--set", set, .. follow]);
    }

    [Fact]
    public void A_context_that_a_loaded_teacher_cannot_read_is_refused()
    {
        var run = _work.Distill("self.yaml", "run", "--set", "control=false");
        _work.Write("more.jsonl", $$"""{"prompt": "ab ->", "completion": " ba", "hint": "{{new string('x', 400)}}"}""" + "\n" + Hinted(20, 9));
        Refused("self.yaml", "Nothing is cut off of a context: shorten it", "--set", $"teacher={{ load: {run}/teacher }}", "--set", "input={ kind: text, max-tokens: 24 }");
    }

    [Fact]
    public void Teachers_teach_the_samples_of_their_tags_and_labels_the_others()
    {
        var run = _work.Distill("tagged.yaml", "run");
        Assert.Contains("Teachers by tag: 'new' (24 samples) from the labels; 'old' (48 samples) from first.", Workplace.Notes(run), StringComparison.Ordinal);
        Assert.DoesNotContain(Workplace.Record(run).Events.OfType<Evaluated>(), e => e.Arm == Arms.Teacher);
        Assert.Contains(Workplace.Record(run).Events.OfType<Evaluated>(), e => e.Arm == Arms.Member("first"));
    }

    [Theory]
    [InlineData("ensemble.labels-only=[other]", "no teacher teaches the tag 'new'")]
    [InlineData("ensemble.labels-only=[new, old]", "name it in one place")]
    [InlineData("ensemble.labels-only=[new, unused]", "has the tag 'unused'")]
    [InlineData("data.train.sources=[{ from: { kind: jsonl, file: words.jsonl, completion: completion }, tag: old }, { from: { kind: jsonl, file: new.jsonl, completion: completion } }]", "samples without a tag")]
    [InlineData("data.train.sources=[]", "'sources' is an empty list")]
    [InlineData("distill.objectives=[{ kind: logits-mse }]", "only soft-targets learns the label's cross-entropy")]
    [InlineData("ensemble.weights=learned", "each answers for its tags alone")]
    public void A_tag_without_a_teacher_and_other_bad_routes_are_refused(string set, string words) => Refused("tagged.yaml", words, "--set", set);

    private void Refused(string recipe, string words, params string[] set)
    {
        var answer = _work.Decant(["distill", _work.At(recipe), "--out", _work.At("refused"), .. set]);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(words, answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_work.At("refused", "student")));
    }

    // The hint says the completion; one line has none.
    private static string Hinted(int count, int seed) => string.Join('\n', Workplace.Words(count, seed).Split('\n').Select((line, i) =>
        line.Replace("}", $", \"empty\": \"\", \"hint\": \"{(i == 5 && count == 48 ? "" : $"hint{line.Split("completion\": \"")[1].Split('"')[0]}; ")}\"}}", StringComparison.Ordinal)));
}
