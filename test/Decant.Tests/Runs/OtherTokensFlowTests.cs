using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A language model as the teacher of a student with another tokenizer, from the command line to the report.</summary>
public sealed class OtherTokensFlowTests : IDisposable
{
    private const string Teacher = """
        name: small-teacher
        task: causal-lm
        seed: 4
        threads: 1
        control: false
        data:
          train: { kind: text, files: [train.txt], documents: line }
          test: { kind: text, files: [test.txt], documents: line }
        input: { kind: text, tokenizer: { kind: byte-bpe, vocabulary: 300 }, max-tokens: 32 }
        teacher: { model: { kind: llama, layers: 1, hidden: 16, heads: 2 }, train: { steps: 30, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-2 } } }
        student: { model: { kind: llama, layers: 1, hidden: 8, heads: 2 } }
        distill: { steps: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 1e-2 }, objectives: [{ kind: soft-targets }] }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private const string Student = """
        name: other-tokens
        task: causal-lm
        seed: 5
        threads: 1
        data:
          train: { kind: text, files: [train.txt], documents: line }
          validation: { kind: text, files: [more.txt], documents: line }
          test: { kind: text, files: [test.txt], documents: line }
        input: { kind: text, tokenizer: { kind: byte-bpe, vocabulary: 340 }, max-tokens: 24 }
        teacher: { load: teacher/teacher }
        student: { model: { kind: llama, layers: 1, hidden: 8, heads: 2 } }
        distill:
          steps: 12
          batch: 8
          validate-every: 6 steps
          optimizer: { kind: adamw, learning-rate: 1e-2 }
          objectives: [{ kind: aligned-spans }, { kind: labels, weight: 0.5 }]
        evaluate: { bootstrap: 100, latency-runs: 1, prompts: ["the cat"], generation: { samples: 4, prompt-tokens: 4, max-new-tokens: 6 } }
        """;

    private readonly Workplace _work = new();

    public OtherTokensFlowTests()
    {
        _work.Write("train.txt", Lines(160, 1));
        _work.Write("more.txt", Lines(30, 2));
        _work.Write("test.txt", Lines(40, 3));
        _work.Write("teacher.yaml", Teacher);
        _work.Write("student.yaml", Student);
        _work.Distill("teacher.yaml", "teacher");
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_student_learns_from_a_teacher_with_another_vocabulary_and_both_are_measured_on_the_same_documents()
    {
        var run = _work.Distill("student.yaml", "run");
        Assert.Contains("Teacher and student read with different tokenizers (300 and ", Workplace.Notes(run), StringComparison.Ordinal);
        var events = Workplace.Record(run).Events;
        var measured = events.OfType<Evaluated>().ToDictionary(e => e.Arm);
        Assert.Superset(new HashSet<string> { Arms.Teacher, Arms.Student, Arms.Control }, measured.Keys.ToHashSet());
        Assert.All(measured.Values, e => Assert.InRange(e.Metrics["bits-per-byte"], 0.1, 8));
        // More tokens of the one say the same text.
        Assert.True(measured[Arms.Teacher].Rows > measured[Arms.Student].Rows);
        var against = Assert.Single(events.OfType<Comparison>(), c => (c.A, c.B) == (Arms.Teacher, Arms.Student));
        Assert.Equal(measured[Arms.Teacher].Metrics["bits-per-byte"] - measured[Arms.Student].Metrics["bits-per-byte"], against.Difference, 0.02);
        Assert.Contains(events.OfType<StepTaken>(), s => s.Parts.ContainsKey("aligned-spans"));
        Assert.All(events.OfType<Continued>(), texts => Assert.Superset(new HashSet<string> { Arms.Teacher, Arms.Student }, texts.Continuations.Keys.ToHashSet()));
        Assert.Contains("other tokens", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal); // perplexities do not compare
        Assert.True(File.Exists(Path.Combine(run, "texts", "teacher.jsonl")) && File.Exists(Path.Combine(run, "report.html")));
    }

    [Theory]
    [InlineData("distill.objectives=[{ kind: universal-logit }, { kind: labels }]")]
    [InlineData("distill.objectives=[{ kind: aligned-spans, events: first-bytes, divergence: jensen-shannon }]")]
    [InlineData("distill.objectives=[{ kind: aligned-spans, events: shared-tokens, divergence: reverse }]")]
    [InlineData("distill.objectives=[{ kind: aligned-spans, events: span }]")]
    [InlineData("distill.rollouts={ student: 0.5, prompt-tokens: 4, max-new-tokens: 6 }")]
    [InlineData("input.documents=separate")]
    public void Every_way_trains(string set)
    {
        var run = _work.Distill("student.yaml", "run", "--set", set, "--set", "control=false");
        Assert.All(Workplace.Record(run).Events.OfType<StepTaken>(), s => Assert.True(double.IsFinite(s.Loss)));
    }

    [Fact]
    public void Few_documents_are_compared_in_blocks_of_the_same_text()
    {
        _work.Write("test.txt", string.Join(' ', Lines(200, 3).Split('\n')));
        var run = _work.Distill("student.yaml", "run", "--set", "evaluate.generation=null");
        Assert.Contains(Workplace.Record(run).Events.OfType<Comparison>(), c => (c.A, c.B) == (Arms.Teacher, Arms.Student));
    }

    [Fact]
    public void A_study_measures_the_teacher_in_its_own_tokens()
    {
        _work.Write("study.yaml", """
            name: two-ways
            recipe: student.yaml
            seeds: [1, 2]
            variants:
              - { name: mapped, set: ["evaluate.prompts=[]", "evaluate.generation=null"] }
              - { name: bytes, set: ["evaluate.prompts=[]", "evaluate.generation=null", "distill.objectives=[{ kind: aligned-spans, events: first-bytes }]"] }
            """);
        var answer = _work.Decant("study", _work.At("study.yaml"), "--out", _work.At("study"));
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("mapped", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distill.objectives=[{ kind: soft-targets }]", "soft-targets compares answers to the same tokens, and the teacher reads the texts with a tokenizer of its own: use aligned-spans or universal-logit")]
    [InlineData("input.tokenizer={ kind: wordpiece, vocabulary: 340 }", "The student's tokenizer: expected a tokenizer whose tokens put together are the text")]
    [InlineData("teacher.end-of-text=<nothing>", "the teacher's tokenizer has no token '<nothing>'")]
    [InlineData("teacher.answers={ kind: logits, folder: kept }", "Answers that are kept on disk (teacher.answers) are of the student's tokens")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "A student that is a part of its teacher reads with the teacher's tokenizer")]
    [InlineData("distill.objectives=[{ kind: hidden-states }]", "An objective compares inner values of the tokens")]
    public void Bad_input_is_refused_before_anything_is_trained(string set, string word)
    {
        var answer = _work.Decant("distill", _work.At("student.yaml"), "--out", _work.At("run"), "--set", set);
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains(word, answer.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("step", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_for_the_end_is_refused_where_both_read_with_one_tokenizer()
    {
        var answer = _work.Decant("check", _work.At("student.yaml"), "--set", "input.tokenizer=null", "--set", "teacher.end-of-text='[SEP]'", "--set", "distill.objectives=[{ kind: soft-targets }]");
        Assert.Contains("teacher.end-of-text: teacher and student read with one tokenizer", (answer.Out + answer.Error).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizers_that_share_no_part_of_the_texts_are_refused_with_the_share()
    {
        // The teacher's drops case, and the texts have capitals alone.
        _work.Write("lower.yaml", Teacher.Replace("byte-bpe, vocabulary: 300", "byte-bpe, vocabulary: 300, lower-case: true", StringComparison.Ordinal));
        _work.Distill("lower.yaml", "lower");
        foreach (var (name, seed) in new[] { ("train.txt", 1), ("more.txt", 2), ("test.txt", 3) })
            _work.Write(name, Lines(100, seed).Replace(".", "", StringComparison.Ordinal).Replace("猫", "dog", StringComparison.Ordinal).ToUpperInvariant());
        var answer = _work.Decant("check", _work.At("student.yaml"), "--set", "teacher.load=lower/teacher");
        Assert.NotEqual(0, answer.Exit);
        Assert.Contains("of the student's tokens are in a part of the text that both tokenizers say with whole tokens", Workplace.Words(answer.Error + answer.Out), StringComparison.Ordinal);
    }

    private static string Lines(int count, int seed)
    {
        string[] words = ["the", "cat", "other", "thin", "then", "there", "little", "likes", "and", "a", "猫", "sees", "these"];
        var random = new Random(seed);
        return string.Join('\n', Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, 6 + random.Next(8)).Select(_ => words[random.Next(words.Length)])) + "."));
    }
}
