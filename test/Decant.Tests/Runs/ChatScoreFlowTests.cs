using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Decant.Data.Sources;
using Decant.Models.Configuration;
using Decant.Models.LstmText;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Remote.Scoring;
using Decant.Tests.Teachers.Remote;
using Decant.Text.Training;
using Decant.Training.Optimizers;

namespace Decant.Tests.Runs;

/// <summary>A regression of pairs of texts that learns from the scores of a chat model behind an API.</summary>
public sealed class ChatScoreFlowTests : IDisposable
{
    private const int Pairs = 200; // of all splits, all different
    private static readonly string[] s_words = ["gut", "fein", "froh", "matt", "grau", "leer"]; // the first three are worth a point each

    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new();

    public ChatScoreFlowTests()
    {
        _teacher.Answer = request => Said(FakeTeacherWire.Last(request));
        _work.Write("train.csv", Csv(150, 1));
        _work.Write("test.csv", Csv(50, 2));
        _work.Write("scores.yaml", Recipe());
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_scores_of_pairs_and_a_second_run_pays_nothing()
    {
        var first = _work.Distill("scores.yaml", "first", "--yes");
        Assert.Equal(Pairs, _teacher.Requests.Count);
        var second = _work.Distill("scores.yaml", "second", "--yes");
        Assert.Equal(Pairs, _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));
        var figures = Workplace.Record(first).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics);
        Assert.InRange(figures[Arms.Teacher]["pearson"], 0.999, 1.0001);
        Assert.InRange(figures[Arms.Teacher]["mae"], 0, 0.1); // the number with 0.9, its neighbours with 0.05 each; at the ends one neighbour
        Assert.InRange(figures[Arms.Student]["pearson"], 0.8, 1);
        Assert.Contains(FormattableString.Invariant($"by logprobs: 0 of {Pairs} pairs of texts were answered before; {Pairs} requests"), Workplace.Notes(first), StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_on_which_it_abstains_are_not_learned_from_and_count_as_its_mean()
    {
        _teacher.Answer = request => FakeTeacherWire.Asks(request, "gut gut") ? new FakeReply("between 3 and 4") : FakeTeacherWire.Asks(request, "leer leer") ? new FakeReply("9") : Said(FakeTeacherWire.Last(request));
        var run = _work.Distill("scores.yaml", "run", "--yes");
        Assert.Matches(@"abstained on \d+ pairs of texts \((several answers \d+, off the scale \d+|off the scale \d+, several answers \d+)\): they are not learned from, and where they are measured its mean score stands for them", Workplace.Notes(run));
        Assert.InRange(Workplace.Record(run).Events.OfType<AnswersAsked>().Last(a => a is { Purpose: AnswersAsked.TeacherAnswers, Arm: Arms.Student }).Total, 10, 119);
        Assert.InRange(Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["pearson"], 0.5, 0.99);
    }

    [Fact]
    public void Samples_and_stated_numbers_serve_where_there_are_no_logprobs()
    {
        var number = 0;
        _teacher.Answer = request => new FakeReply(Math.Min(5, Points(FakeTeacherWire.Last(request)) + (Interlocked.Increment(ref number) % 2)).ToString(CultureInfo.InvariantCulture));
        var sampled = _work.Distill("scores.yaml", "sampled", "--yes", "--set", "teacher.chat.score.evidence=samples", "--set", "teacher.chat.score.samples=3", "--set", "distill.epochs=1");
        Assert.Matches(@"agreement with itself: 3 answers to a text have a standard deviation of 0\.\d+, on a scale from 0 to 5", Workplace.Notes(sampled));
        _teacher.Answer = request => new FakeReply($$"""{"score": {{Points(FakeTeacherWire.Last(request))}}}""");
        var stated = _work.Distill("scores.yaml", "stated", "--yes", "--set", "teacher.chat.score.evidence=stated", "--set", "distill.epochs=1");
        Assert.Contains("by stated numbers", Workplace.Notes(stated), StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_without_numbers_are_learned_from_by_those_of_the_teacher()
    {
        _work.Write("train.csv", string.Join('\n', Csv(150, 1).Split('\n').Select((line, i) => i == 0 || line.Length == 0 ? line : line[..(line.LastIndexOf(',') + 1)])));
        var run = _work.Distill("scores.yaml", "run", "--yes", "--set", "data.split=null", "--set", "distill.objectives=[{ kind: logits-mse }]");
        Assert.InRange(Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Student).Metrics["pearson"], 0.8, 1);
    }

    [Theory]
    [InlineData("teacher.chat.ask={ evidence: samples }", "'ask' is for classification, and the task is regression; use 'score'")]
    [InlineData("teacher.chat.extract={ samples: 2 }", "'extract' is for token-classification, and the task is regression; use 'score'")]
    [InlineData("teacher.chat.score=null", "a regression needs what is to be scored")]
    [InlineData("teacher.chat.score={ from: 0, to: 5 }", "question")]
    [InlineData("teacher.chat.score.to=10", "logprobs needs whole numbers from 0 to 9")]
    [InlineData("teacher.chat.score.to=3", "is not on the scale of teacher.chat.score, from 0 to 3")]
    [InlineData("teacher.chat.score.prompt=Rate {text}", "it has no {pair} for the second one")]
    [InlineData("distill.objectives=[{ kind: soft-targets }]", "a regression has none; use target-mse")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("scores.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void A_new_recipe_has_the_scale_of_the_data()
    {
        var written = _work.Decant("new", "scorer-from-prompt", "--data", _work.At("train.csv"), "--text", "one", "--pair", "other", "--label", "score", "--out", _work.At("new.yaml"));
        Assert.True(written.Exit == 0, written.Error);
        Assert.Contains("from: 0\n", File.ReadAllText(_work.At("new.yaml")), StringComparison.Ordinal);
        Assert.Contains("to: 5\n", File.ReadAllText(_work.At("new.yaml")), StringComparison.Ordinal);
        var check = _work.Decant("check", _work.At("new.yaml"), "--set", "teacher.chat.terms=none");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("150 pairs of texts; a check asks nothing", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public async Task Any_chat_client_of_a_program_scores()
    {
        using var client = new ScriptedClient((_, question) => Task.FromResult(ScriptedClient.Said(Points(question).ToString(CultureInfo.InvariantCulture))));
        var source = ModelSource.Of(client, new() { Model = "points-1", Answers = _work.At("own-answers"), Terms = "none", Score = new() { Question = "How good are both?", From = 0, To = 5, Evidence = ScoreEvidence.Samples, Samples = 1 } });
        var result = await Distiller.Create(source, new LstmOptions { Embedding = 16, Hidden = 16 })
            .On(new CsvOptions { File = _work.At("train.csv"), Text = "one", Pair = "other", Target = ["score"] }, test: new CsvOptions { File = _work.At("test.csv"), Text = "one", Pair = "other", Target = ["score"] })
            .WithTokenizer(new WordPieceOptions { Vocabulary = 300 }, maxTokens: 24)
            .With(new LogitsMse())
            .For(ModelTask.Regression)
            .Train(o => { o.Epochs = 12; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 1e-2 }; })
            .SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Pairs, client.Sent);
        Assert.InRange(result.Figure(Arms.Student), 0.8, 1);
    }

    private string Recipe() => $$"""
        name: scores
        task: regression
        seed: 3
        threads: 2
        data:
          train: { kind: csv, file: train.csv, text: one, pair: other, target: [score] }
          test: { kind: csv, file: test.csv, text: one, pair: other, target: [score] }
          split: { validation: 0.2 }
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 24
        teacher:
          chat:
            endpoint: {{_teacher.Endpoint.Address}}
            model: {{FakeTeacher.Model}}
            key: DECANT_TEST_NO_KEY
            terms: those of the test
            answers: answers
            score: { question: How good are both?, from: 0, to: 5 }
        student:
          model: { kind: lstm, embedding: 16, hidden: 16 }
        distill:
          epochs: 12
          batch: 16
          optimizer: { kind: adamw, learning-rate: 1e-2 }
          objectives:
            - { kind: logits-mse, weight: 0.9 }
            - { kind: target-mse, weight: 0.1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private static string Csv(int count, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("one,other,score\n");
        for (var i = 0; i < count; i++)
        {
            string[] words = [.. Enumerable.Range(0, 5).Select(_ => s_words[random.Next(s_words.Length)])];
            text.Append(CultureInfo.InvariantCulture, $"{string.Join(' ', words[..2])} x{seed}y{i},{string.Join(' ', words[2..])},{words.Count(s_words[..3].Contains)}\n"); // so that no two are the same
        }

        return text.ToString();
    }

    private static int Points(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(s_words[..3].Contains);

    /// <summary>The points with 0.9, the numbers beside them with 0.05 each.</summary>
    private static FakeReply Said(string text)
    {
        var points = Points(text);
        return new FakeReply($"{points}", [($"{points}", [($"{points}", 0.9), ($"{points + 1}", 0.05), ($"{points - 1}", 0.05)])]);
    }
}
