using Decant.Reports;

namespace Decant.Tests.Jobs;

/// <summary>A test split that the teacher wrote itself.</summary>
public sealed class TeacherTextTests : IDisposable
{
    private readonly string? _cache = Environment.GetEnvironmentVariable("DECANT_CACHE");
    private readonly Workplace _work = new();
    private readonly string _teacher;

    public TeacherTextTests()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _work.At("cache"));
        _work.Write("train.txt", string.Join('\n', Workplace.Texts(60, 1).Split('\n').Skip(1)) + "\n");
        _work.Write("test.txt", string.Join('\n', Workplace.Texts(20, 2).Split('\n').Skip(1)) + "\n");
        _work.Write("first.yaml", Recipe("teacher:\n  model: { kind: gpt2, layers: 1, hidden: 16, heads: 2 }\n  train: { epochs: 1, batch: 8, optimizer: { kind: adamw, learning-rate: 5e-3 } }", Lines("test.txt"), "tokenizer: { kind: byte-bpe, vocabulary: 300 }, "));
        _teacher = Path.Combine(_work.Distill("first.yaml", "first"), Arms.Teacher);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("DECANT_CACHE", _cache);
        _work.Dispose();
    }

    [Fact]
    public void It_is_refused_with_the_way_out_before_a_text_is_written()
    {
        Refused(_teacher, Written(_teacher));
        Refused(_teacher + "/", Written(_teacher));
    }

    [Fact]
    public void A_copy_of_the_teacher_elsewhere_is_the_same_model()
    {
        var copy = Directory.CreateDirectory(_work.At("copy")).FullName;
        foreach (var file in Directory.GetFiles(_teacher))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Refused(_teacher, Written(copy));
    }

    [Fact]
    public void So_is_a_test_split_that_is_cut_from_what_the_teacher_wrote()
    {
        _work.Write("cut.yaml", Recipe($"teacher: {{ load: \"{_teacher}\" }}", "", "").Replace(Lines("train.txt"), Written(_teacher), StringComparison.Ordinal).Replace("  test: \n", "  split: { test: 0.2 }\n", StringComparison.Ordinal));
        Assert.Contains("data.train: expected test text that no teacher", _work.Decant("check", _work.At("cut.yaml")).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void Where_it_is_allowed_every_verdict_says_so()
    {
        _work.Write("allowed.yaml", Recipe($"teacher: {{ load: \"{_teacher}\" }}", Written(_teacher), "").Replace("latency-runs: 0", "latency-runs: 0, teacher-generated-test: allowed", StringComparison.Ordinal));
        var answer = _work.Decant("distill", _work.At("allowed.yaml"), "--out", _work.At("run"));
        Assert.True(answer.Exit == 0, answer.Error);

        var comparisons = Workplace.Record(_work.At("run")).Events.OfType<Compared>().ToList();
        Assert.Equal(2, comparisons.Count);
        Assert.All(comparisons, c => Assert.EndsWith("; the test text was written by the teacher itself, which favours what imitates it", c.Sentence));
        Assert.Contains("the test text was written by the teacher itself", File.ReadAllText(_work.At("run", "report.html")));
        Assert.Contains("Of these figures: the test text was written by the teacher itself", Flat(_work.Decant("evaluate", _work.At("run"))));
    }

    [Fact]
    public void Text_of_another_model_is_a_test_split_like_any_other()
    {
        var other = Path.Combine(_work.At("first"), Arms.Student);
        _work.Write("other.yaml", Recipe($"teacher: {{ load: \"{_teacher}\" }}", Written(other), ""));
        var answer = _work.Decant("check", _work.At("other.yaml"));
        Assert.True(answer.Exit == 0, answer.Error);
    }

    private void Refused(string teacher, string test)
    {
        _work.Write("refused.yaml", Recipe($"teacher: {{ load: \"{teacher}\" }}", test, ""));
        foreach (var command in new[] { "check", "distill" })
        {
            var answer = _work.Decant(command, _work.At("refused.yaml"));
            Assert.Equal(ExitCodes.BadInput, answer.Exit);
            Assert.Contains("data.test: expected test text that no teacher of this recipe wrote", Flat(answer));
            Assert.Contains("'evaluate.teacher-generated-test: allowed'", Flat(answer));
        }

        Assert.False(Directory.Exists(_work.At("cache", "written")));
    }

    private static string Flat(Answer answer) => (answer.Error + answer.Out).ReplaceLineEndings(" ");

    private static string Lines(string file) => $"{{ kind: text, files: [{file}], documents: line }}";

    private static string Written(string model) => $"{{ kind: generated, model: \"{model}\", texts: 20, max-tokens: 12, seed: 3 }}";

    private static string Recipe(string teacher, string test, string tokenizer) => $$"""
        name: teacher-text
        task: causal-lm
        seed: 1
        threads: 1
        data:
          train: {{Lines("train.txt")}}
          test: {{test}}
        input: { kind: text, {{tokenizer}}max-tokens: 8 }
        {{teacher}}
        student:
          model: { kind: gpt2, layers: 1, hidden: 8, heads: 2 }
        distill:
          epochs: 1
          batch: 8
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          objectives: [{ kind: soft-targets }]
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """ + "\n";
}
