using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Decant.Data.Sources;
using Decant.Models.Configuration;
using Decant.Models.LstmText;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Remote.Extracting;
using Decant.Tests.Teachers.Remote;
using Decant.Text.Training;
using Decant.Training.Optimizers;

namespace Decant.Tests.Runs;

/// <summary>A tagger that learns from the spans that a chat model behind an API lists.</summary>
public sealed partial class ChatTagFlowTests : IDisposable
{
    private const int Sentences = 150; // of all splits, all different
    private static readonly string[] s_fillers = ["geht", "nach", "und", "sieht", "oft", "mit", "dann", "wieder"];
    private static readonly (string Type, string Text)[] s_names = [("person", "Mora Kel"), ("person", "Tilo"), ("person", "Ana"), ("place", "Zand"), ("place", "Vik Os"), ("place", "Unter Berg")];

    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new();

    public ChatTagFlowTests()
    {
        _teacher.Answer = request => new FakeReply(Listed(Framed(FakeTeacherWire.Last(request))));
        _work.Write("train.conll", Conll(110, 1));
        _work.Write("test.conll", Conll(40, 2));
        _work.Write("tags.yaml", Recipe());
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_to_tag_words_and_a_second_run_pays_nothing()
    {
        var first = _work.Distill("tags.yaml", "first", "--yes");
        Assert.Equal(Sentences, _teacher.Requests.Count);
        var second = _work.Distill("tags.yaml", "second", "--yes");
        Assert.Equal(Sentences, _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));
        var figures = Workplace.Record(first).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["entity-f1"]);
        Assert.Equal(1, figures[Arms.Teacher]);
        Assert.InRange(figures[Arms.Student], 0.8, 1);
        Assert.Contains($"by a list of spans for each: 0 of {Sentences} texts were answered before; {Sentences} requests", Workplace.Notes(first), StringComparison.Ordinal);
        Assert.DoesNotContain("calibrated", Workplace.Notes(first), StringComparison.Ordinal);
    }

    /// <summary>The teacher calls every place a person: so does its student, for the data's tags have no weight.</summary>
    [Fact]
    public void What_is_learned_are_the_teachers_tags_and_not_those_of_the_data()
    {
        _teacher.Answer = request => new FakeReply(Listed(Framed(FakeTeacherWire.Last(request))).Replace("\"place\"", "\"person\"", StringComparison.Ordinal));
        var run = _work.Distill("tags.yaml", "run", "--yes", "--set", "distill.objectives=[{ kind: soft-targets }]", "--set", "control=false");
        var predicted = _work.Decant("predict", Path.Combine(run, "student"), "Tilo geht nach Zand und sieht Vik Os");
        Assert.True(predicted.Exit == 0, predicted.Error);
        Assert.Contains("B-person", predicted.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("place", predicted.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentences_on_which_it_abstains_are_not_learned_from()
    {
        _teacher.Answer = request => Framed(FakeTeacherWire.Last(request)) is var text && text.Contains("oft", StringComparison.Ordinal)
            ? new FakeReply(text.Contains("Tilo", StringComparison.Ordinal) ? """{"spans": [{"type": "person", "text": "Tila"}]}""" : "It is hard to say.") : new FakeReply(Listed(text));
        var run = _work.Distill("tags.yaml", "run", "--yes");
        Assert.Matches(@"abstained on \d+ texts \(prose \d+, not in the text \d+\): they are not learned from, and where they are measured it is taken to have found nothing", Workplace.Notes(run));
        Assert.InRange(Workplace.Record(run).Events.OfType<AnswersAsked>().Last(a => a is { Purpose: AnswersAsked.TeacherAnswers, Arm: Arms.Student }).Total, 10, 90);
        Assert.InRange(Workplace.Record(run).Events.OfType<Evaluated>().Single(e => e.Arm == Arms.Teacher).Metrics["entity-precision"], 1, 1);
    }

    [Fact]
    public void Sentences_without_tags_are_learned_from_by_the_types_that_are_named()
    {
        _work.Write("train.conll", string.Join('\n', Conll(110, 1).Split('\n').Select(line => line.Split(' ')[0])));
        string[] set = ["--yes", "--set", "data.split=null", "--set", "data.train.tags=false", "--set", "distill.objectives=[{ kind: soft-targets, temperature: 1 }]", "--set", "distill.epochs=20", "--set", "control=false"];
        Assert.Contains("has no tags, so the types of spans are not known; name them", Workplace.Words(_work.Decant(["distill", _work.At("tags.yaml"), "--quiet", "--out", _work.At("none"), .. set]).Error), StringComparison.Ordinal);
        var run = _work.Distill("tags.yaml", "run", [.. set, "--set", "teacher.chat.extract={ types: [{ name: person }, { name: place, description: a town }] }"]);
        Assert.Equal(["O", "B-person", "I-person", "B-place", "I-place"], Workplace.Record(run).Events.OfType<DataDescribed>().Single().Classes);
        var figures = Workplace.Record(run).Events.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["entity-f1"]);
        Assert.Equal(1, figures[Arms.Teacher]);
        Assert.InRange(figures[Arms.Student], 0.8, 1);
        Assert.Contains("- place (a town)", (string)_teacher.Requests.First()["messages"]![0]!["content"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_answers_give_probabilities_and_the_teachers_agreement_with_itself()
    {
        var number = 0;
        _teacher.Answer = request => new FakeReply(Interlocked.Increment(ref number) % 5 == 0 ? Listed("") : Listed(Framed(FakeTeacherWire.Last(request))));
        var run = _work.Distill("tags.yaml", "run", "--yes", "--set", "teacher.chat.extract={ samples: 3 }", "--set", "distill.epochs=1");
        Assert.Equal(3 * Sentences, _teacher.Requests.Count);
        Assert.Matches(@"agreement with itself: of 3 answers to a text 9\d\.\d % give a word the same tag on average", Workplace.Notes(run));
    }

    [Theory]
    [InlineData("teacher.chat.ask={ evidence: samples }", "'ask' is for classification, and the task is token-classification; use 'extract'")]
    [InlineData("teacher.chat.score={ question: How?, from: 0, to: 5 }", "'score' is for regression, and the task is token-classification; use 'extract'")]
    [InlineData("teacher.chat.extract={ types: [{ name: person }] }", "has tags of the type 'place', which is not among the types (person)")]
    [InlineData("teacher.chat.extract={ prompt: Which? }", "expected {text} where the text goes")]
    [InlineData("teacher.chat.extract={ smoothing: 1.5 }", "smoothing")]
    [InlineData("teacher.chat.extract={ cut-words: ignore }", "cut-words")]
    [InlineData("task=embedding", "a chat model gives classes, tags or scores of texts")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("tags.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void A_check_asks_nothing_and_a_new_recipe_names_the_types()
    {
        var check = _work.Decant("check", _work.At("tags.yaml"));
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains($"would be asked about {Sentences} of {Sentences} texts", Workplace.Words(check.Out), StringComparison.Ordinal);
        var written = _work.Decant("new", "extractor-from-prompt", "--data", _work.At("train.conll"), "--out", _work.At("new.yaml"));
        Assert.True(written.Exit == 0, written.Error);
        Assert.Contains("- { name: person, description: \"\" }", File.ReadAllText(_work.At("new.yaml")), StringComparison.Ordinal);
        check = _work.Decant("check", _work.At("new.yaml"), "--set", "teacher.chat.terms=none");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("expected words with their tags (CoNLL) for extractor-from-prompt, came CSV", Workplace.Words(_work.Decant("new", "extractor-from-prompt", "--data", _work.At("train.csv"), "--out", _work.At("none.yaml")).Error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public async Task Any_chat_client_of_a_program_finds_spans()
    {
        using var client = new ScriptedClient((_, question) => Task.FromResult(ScriptedClient.Said(Listed(Framed(question)))));
        var result = await Distiller.Create(ModelSource.Of(client, new() { Model = "names-1", Answers = _work.At("own-answers"), Terms = "none", Extract = new() { CutWords = CutWords.Refuse } }), new LstmOptions { Embedding = 16, Hidden = 16 })
            .On(new ConllOptions { File = _work.At("train.conll") }, test: new ConllOptions { File = _work.At("test.conll") })
            .WithTokenizer(new WordPieceOptions { Vocabulary = 300 }, maxTokens: 40)
            .With(new SoftTargets { Temperature = 1 })
            .For(ModelTask.TokenClassification)
            .Train(o => { o.Epochs = 8; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 1e-2 }; })
            .SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Sentences, client.Sent);
        Assert.InRange(result.Figure(Arms.Student), 0.8, 1);
    }

    private string Recipe() => $$"""
        name: tags
        task: token-classification
        seed: 3
        threads: 2
        data:
          train: { kind: conll, file: train.conll }
          test: { kind: conll, file: test.conll }
          split: { validation: 0.2 }
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 40
        teacher:
          chat:
            endpoint: {{_teacher.Endpoint.Address}}
            model: {{FakeTeacher.Model}}
            key: DECANT_TEST_NO_KEY
            terms: those of the test
            answers: answers
        student:
          model: { kind: lstm, embedding: 16, hidden: 16 }
        distill:
          epochs: 8
          batch: 16
          optimizer: { kind: adamw, learning-rate: 1e-2 }
          objectives:
            - { kind: soft-targets, temperature: 1, weight: 0.9 }
            - { kind: labels, weight: 0.1 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    private static string Conll(int count, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            for (var part = 0; part < 6; part++)
            {
                if (random.Next(5) > 1)
                {
                    text.Append(s_fillers[random.Next(s_fillers.Length)]).Append(" O\n");
                    continue;
                }

                var (type, name) = s_names[random.Next(s_names.Length)];
                foreach (var (at, word) in name.Split(' ').Index())
                    text.Append(word).Append(at == 0 ? " B-" : " I-").Append(type).Append('\n');
                text.Append("und O\n");
            }

            text.Append('s').Append(seed).Append('x').Append(i).Append(" O\n\n"); // so that no two are the same
        }

        return text.ToString();
    }

    private static string Framed(string message) => Frame().Match(message).Groups["text"].Value;

    private static string Listed(string text) => new JsonObject
    {
        ["spans"] = new JsonArray([.. s_names.SelectMany(name => Regex.Matches(text, $@"(?<!\S){name.Text}(?!\S)").Select(match => (match.Index, name))).OrderBy(found => found.Index)
            .Select(found => (JsonNode)new JsonObject { ["type"] = found.name.Type, ["text"] = found.name.Text })]),
    }.ToJsonString();

    [GeneratedRegex(@"<text-[0-9a-f]+>\n(?<text>.*)\n</text-[0-9a-f]+>", RegexOptions.Singleline)]
    private static partial Regex Frame();
}
