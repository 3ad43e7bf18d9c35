using System.Globalization;
using Decant.Data.Sources;
using Decant.Models.Configuration;
using Decant.Models.LstmText;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Runs.Reports.Record;
using Decant.Tests.Teachers.Remote;
using Decant.Text.Training;
using Decant.Training.Optimizers;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Runs;

/// <summary>An embedding that learns the vectors of a model behind an API.</summary>
public sealed class VectorTeacherFlowTests : IDisposable
{
    private static readonly string[] s_words = ["gut", "fein", "froh", "matt", "grau", "leer", "猫", "犬"];
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new();

    public VectorTeacherFlowTests()
    {
        _work.Write("train.csv", Csv(120, 1));
        _work.Write("test.csv", Csv(40, 2));
        _work.Write("vectors.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: vectors
            task: embedding
            seed: 3
            threads: 1
            data:
              train: { kind: csv, file: train.csv, text: one, pair: other, target: [score] }
              test: { kind: csv, file: test.csv, text: one, pair: other, target: [score] }
            input:
              kind: text
              tokenizer: { kind: wordpiece, vocabulary: 300 }
              max-tokens: 16
            teacher:
              embeddings:
                endpoint: {{_teacher.Endpoint.Address}}
                model: {{FakeTeacher.Model}}
                key: DECANT_TEST_NO_KEY
                terms: those of the test
                answers: answers
                budget: { input-price: 2, output-price: 0 }
            student:
              model: { kind: lstm, embedding: 16, hidden: 16 }
            distill:
              epochs: 3
              batch: 16
              optimizer: { kind: adamw, learning-rate: 1e-2 }
              objectives:
                - { kind: vectors }
            evaluate: { bootstrap: 100, latency-runs: 3 }
            """));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_vectors_of_both_texts_and_a_second_run_pays_nothing()
    {
        var first = _work.Distill("vectors.yaml", "first", "--yes");
        var texts = Texts();
        Assert.Equal(20 + ((texts - 20 + 63) / 64), _teacher.Requests.Count); // twenty alone, the rest in batches of 64
        var notes = Workplace.Notes(first);
        Assert.Contains(FormattableString.Invariant($"by its vectors: 0 of {texts} texts were answered before"), notes, StringComparison.Ordinal);
        Assert.Contains("Terms of the teacher: those of the test", notes, StringComparison.Ordinal);
        var record = Workplace.Record(first).Events;
        Assert.Equal(1, record.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["teacher-cosine"], 1e-5); // its own
        Assert.DoesNotContain(record.OfType<LatencyMeasured>(), l => l.Arm == Arms.Teacher);
        var second = _work.Distill("vectors.yaml", "second", "--yes");
        Assert.Equal(20 + ((texts - 20 + 63) / 64), _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));
        Assert.Contains(FormattableString.Invariant($"{texts} of {texts} texts were answered before"), Workplace.Notes(second), StringComparison.Ordinal);
    }

    [Fact]
    public void The_cost_must_be_agreed_to_and_a_check_asks_nothing()
    {
        var check = _work.Decant("check", _work.At("vectors.yaml"));
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("How long they are is not known yet", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
        var refused = _work.Decant("distill", _work.At("vectors.yaml"), "--quiet", "--out", _work.At("run"));
        Assert.NotEqual(0, refused.Exit);
        Assert.Matches(@"texts to ask about; with the 20 that were answered, from which this is estimated: [\d,]+ tokens", Workplace.Words(refused.Error));
        Assert.Equal(20, _teacher.Requests.Count);
    }

    [Theory]
    [InlineData("teacher.embeddings.terms=''", "read the provider's, and name them")]
    [InlineData("task=classification", "it makes vectors of texts: task: embedding")]
    [InlineData("teacher.load=somewhere", "keep 'embeddings' alone under teacher")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "has no layers to begin with")]
    [InlineData("distill.objectives=[{ kind: hidden-states }]", "shows its vectors alone; use vectors")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("vectors.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void A_wrong_key_is_known_after_one_request()
    {
        _teacher.Fault = (_, _) => TeacherFault.WrongKey;
        Assert.NotEqual(0, _work.Decant("distill", _work.At("vectors.yaml"), "--quiet", "--yes", "--out", _work.At("run")).Exit);
        Assert.Single(_teacher.Requests);
    }

    [Fact]
    public async Task Whatever_makes_embeddings_in_a_program_is_a_teacher()
    {
        using var generator = new LetterVectors();
        var distiller = Distiller.Create(ModelSource.Of(generator, new EmbeddingTeacherOptions { Model = "letters-1", Answers = _work.At("own-answers"), Terms = "none", Batch = 10 }), new LstmOptions { Embedding = 16, Hidden = 16 })
            .On(new CsvOptions { File = _work.At("train.csv"), Text = "one", Label = null }, test: new CsvOptions { File = _work.At("test.csv"), Text = "one", Label = null })
            .For(ModelTask.Embedding)
            .WithTokenizer(new WordPieceOptions { Vocabulary = 300 }, maxTokens: 16)
            .With(new Vectors())
            .Train(o => { o.Epochs = 30; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 1e-2 }; });
        var first = await distiller.SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var made = generator.Texts;
        Assert.InRange(first.Figure(Arms.Student), 0.9, 1); // mean cosine with the teacher's vectors
        await distiller.SaveTo(_work.At("own-again")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(made, generator.Texts);
        Assert.Contains("it as the teacher", Assert.Throws<DecantException>(() => Distiller.Create(new LstmOptions(), ModelSource.Of(generator, new EmbeddingTeacherOptions { Model = "m", Answers = "a", Terms = "t" })).RunAsync().GetAwaiter().GetResult()).Message, StringComparison.Ordinal);
    }

    private int Texts() => new[] { "train.csv", "test.csv" }.SelectMany(f => File.ReadAllLines(_work.At(f)).Skip(1)).Where(l => l.Length > 0).SelectMany(l => l.Split(',')[..2]).Distinct().Count();

    private static string Csv(int rows, int seed)
    {
        var random = new Random(seed);
        return "one,other,score\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{Sentence(random)},{Sentence(random)},{random.Next(6)}\n")));
    }

    private static string Sentence(Random random) => string.Join(' ', Enumerable.Range(0, 3).Select(_ => s_words[random.Next(s_words.Length)]));

    /// <summary>A vector of how often a text has each word.</summary>
    private sealed class LetterVectors : IEmbeddingGenerator<string, Embedding<float>>
    {
        private int _texts;

        public int Texts => _texts;

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var texts = values.ToArray();
            Interlocked.Add(ref _texts, texts.Length);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(s_words.Select(w => 0.1f + text.Split(' ').Count(v => v == w)).ToArray()))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
