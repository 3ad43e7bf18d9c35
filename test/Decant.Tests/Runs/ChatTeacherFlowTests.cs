using System.Globalization;
using System.Text.Json.Nodes;
using Decant.Data.Sources;
using Decant.Models.TextCnn;
using Decant.Objectives.Logits;
using Decant.Runs.Distilling;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Remote.Classifying;
using Decant.Tests.Teachers.Remote;
using Decant.Text.Training;
using Decant.Training.Optimizers;

namespace Decant.Tests.Runs;

/// <summary>A student that learns from a chat model behind an API.</summary>
public sealed class ChatTeacherFlowTests : IDisposable
{
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new() { GivesChoices = true };

    public ChatTeacherFlowTests()
    {
        _teacher.Answer = WordVotes.Said;
        _work.Write("chat.yaml", WordVotes.Recipe(_teacher.Endpoint.Address));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void A_student_learns_from_a_prompt_and_a_second_run_pays_nothing()
    {
        var first = _work.Distill("chat.yaml", "first", "--yes");
        var asked = _teacher.Requests.Count;
        var second = _work.Distill("chat.yaml", "second", "--yes");
        Assert.Equal(asked, _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));

        var record = Workplace.Record(first).Events;
        var figures = record.OfType<Evaluated>().ToDictionary(e => e.Arm, e => e.Metrics["accuracy"]);
        Assert.InRange(figures[Arms.Teacher], 0.9, 1);
        Assert.InRange(figures[Arms.Student], 0.85, 1);
        Assert.DoesNotContain(record.OfType<LatencyMeasured>(), l => l.Arm == Arms.Teacher);

        Assert.DoesNotContain("0 parameters", File.ReadAllText(Path.Combine(first, "report.html")).Replace("0,000 parameters", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var notes = Workplace.Notes(first);
        Assert.Contains(FormattableString.Invariant($"0 of {asked} texts were answered before; {asked} requests were sent now (0 without an answer)"), notes, StringComparison.Ordinal);
        Assert.Contains("by the recipe's prices", notes, StringComparison.Ordinal);
        Assert.Contains("Terms of the teacher: those of the test", notes, StringComparison.Ordinal);
        Assert.Matches(@"calibrated on \d\d labelled training samples: temperature \d", notes);
        Assert.Contains(FormattableString.Invariant($"{asked} of {asked} texts were answered before; 0 requests"), Workplace.Notes(second), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_the_cost_must_be_agreed_to_and_what_was_answered_stays()
    {
        var refused = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--out", _work.At("run"));
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains("Add --yes", refused.Error, StringComparison.Ordinal);
        Assert.Matches(@"texts to ask about; with the 20 that were answered, from which this is estimated: [\d,]+ tokens \([\d,]+ to [\d,]+\), [\d.]+ in the currency of the prices", Workplace.Words(refused.Error));
        Assert.Equal(20, _teacher.Requests.Count);
        Assert.Contains("20 that were answered", Workplace.Words(_work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--out", _work.At("run")).Error), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count); // those are enough for the question
        _work.Distill("chat.yaml", "again", "--yes");
        Assert.Contains("20 of", Workplace.Notes(_work.At("again")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_asks_nothing_and_says_how_many_texts_would_be_asked_about()
    {
        var check = _work.Decant("check", _work.At("chat.yaml"));
        Assert.True(check.Exit == 0, check.Error);
        Assert.Empty(_teacher.Requests);
        Assert.False(Directory.Exists(_work.At("answers")));
        Assert.Matches(@"would be asked about (\d+) of \1 texts", Workplace.Words(check.Out));
    }

    [Fact]
    public void An_example_that_is_measured_on_is_refused()
    {
        var row = File.ReadAllLines(_work.At("test.csv"))[1];
        var (text, name) = (row[..row.LastIndexOf(',')], row[(row.LastIndexOf(',') + 1)..]);
        var check = _work.Decant("check", _work.At("chat.yaml"), "--set", $"teacher.chat.ask.examples=[{{ text: '{text}', class: {name} }}]");
        Assert.NotEqual(0, check.Exit);
        Assert.Matches(@"teacher\.chat\.ask\.examples\[0\]: .*test\.csv:2 is the same text, and is measured on", Workplace.Words(check.Error));
    }

    [Fact]
    public void Answers_of_another_model_than_the_expected_one_are_not_taken()
    {
        var ended = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"), "--set", "teacher.chat.expected-model=another", "--set", "teacher.chat.attempts=1");
        Assert.NotEqual(0, ended.Exit);
        Assert.Contains("another", Workplace.Words(ended.Error), StringComparison.Ordinal);
        Assert.InRange(_teacher.Requests.Count, 1, 3);
    }

    [Fact]
    public void Without_a_count_of_tokens_the_estimate_is_the_most_that_it_can_be()
    {
        using var silent = new FakeTeacher { GivesChoices = true, GivesUsage = false };
        silent.Answer = WordVotes.Said;
        var refused = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--out", _work.At("run"), "--set", $"teacher.chat.endpoint={silent.Endpoint.Address}");
        Assert.Matches(@"estimated: at most, for the server counts no tokens, [1-9][\d,]+ tokens", Workplace.Words(refused.Error));
        var run = _work.Distill("chat.yaml", "paid", "--yes", "--set", $"teacher.chat.endpoint={silent.Endpoint.Address}");
        Assert.Contains("(the server counted none for 200 of them: the most that they can have had)", Workplace.Notes(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_says_what_the_server_can_do_and_stores_nothing()
    {
        var check = _work.Decant("check", _work.At("chat.yaml"), "--probe");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Matches(@"logprobs of \d+ tokens at each place of an answer", Workplace.Words(check.Out));
        Assert.Matches(@"cost \d+ requests, [\d,]+ input and [\d,]+ output tokens, 0\.\d+ by the recipe's prices", Workplace.Words(check.Out));
        Assert.InRange(_teacher.Requests.Count, 8, 16);
        Assert.False(Directory.Exists(_work.At("answers")));
        _work.Write("plain.yaml", Workplace.Text);
        Assert.Contains("the recipe has no teacher.chat", Workplace.Words(_work.Decant("check", _work.At("plain.yaml"), "--probe").Error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_without_what_the_recipe_needs_is_known_before_a_text_is_paid_for()
    {
        using var plain = new FakeTeacher { GivesLogprobs = false, KeepsSeeds = false, GivesUsage = false };
        plain.Answer = _ => new FakeReply("yes");
        string[] probe = ["check", _work.At("chat.yaml"), "--probe", "--set", $"teacher.chat.endpoint={plain.Endpoint.Address}"];
        var refused = _work.Decant(probe);
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains("teacher.chat.ask.evidence: it is logprobs, and the server gives no probabilities", Workplace.Words(refused.Error), StringComparison.Ordinal);
        var sampled = _work.Decant([.. probe, "--set", "teacher.chat.ask.evidence=samples"]);
        Assert.True(sampled.Exit == 0, sampled.Error);
        Assert.Contains("samples have no seed here", Workplace.Words(sampled.Out), StringComparison.Ordinal);
        Assert.Contains("the budget counts each request with all that it could take", Workplace.Words(sampled.Out), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_on_which_it_abstains_are_not_learned_from()
    {
        _teacher.Answer = request => Text(request).Contains("soro", StringComparison.Ordinal) ? new FakeReply("I would rather talk about something else entirely, if that is fine with you.") : WordVotes.Said(request);
        var run = _work.Distill("chat.yaml", "run", "--yes");
        Assert.Matches(@"abstained on \d+ texts \(prose \d+\): they are not learned from", Workplace.Notes(run));
        var look = Workplace.Record(run).Events.OfType<TeacherSaid>().Single();
        Assert.Equal((8, 4), (look.Texts.Count(t => t.Abstention is null), look.Texts.Count(t => t.Abstention == "prose")));
        Assert.Equal(220, look.Answered + look.Abstained);
        Assert.All(look.Texts.Where(t => t.Abstention is null), t => Assert.Matches(@"\A(天气|cooking) \d+ %(, (天气|cooking) \d+ %)?\z", t.Said));
        Assert.All(look.Texts.Where(t => t.Abstention is not null), t => Assert.Contains("something else entirely", t.Said, StringComparison.Ordinal));
        var page = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("What the teacher said", page, StringComparison.Ordinal);
        Assert.Contains("✗ prose: ", page, StringComparison.Ordinal);
        var samples = Workplace.Record(run).Events.OfType<AnswersAsked>().Last(a => a is { Purpose: AnswersAsked.TeacherAnswers, Arm: Arms.Student }).Total;
        Assert.InRange(samples, 20, 110);
    }

    [Fact]
    public void Answers_of_which_none_is_a_class_end_the_run_before_all_is_paid_for()
    {
        _teacher.Answer = _ => new FakeReply("I would rather talk about something else entirely, if that is fine with you.");
        var ended = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"));
        Assert.NotEqual(0, ended.Exit);
        Assert.Contains("none of the first 20 answers is a class: 20 of 20 answers name no class (prose 20, such as 'I would rather talk", Workplace.Words(ended.Error), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count);
    }

    [Fact]
    public void A_server_that_is_not_there_and_a_wrong_key_are_known_after_one_request()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var down = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"), "--set", "teacher.chat.endpoint=http://127.0.0.1:9/v1");
        Assert.NotEqual(0, down.Exit);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        _teacher.Fault = (_, _) => TeacherFault.WrongKey;
        Assert.NotEqual(0, _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run")).Exit);
        Assert.Single(_teacher.Requests);
    }

    [Fact]
    public void A_study_compares_students_of_one_teacher_behind_an_API()
    {
        _work.Write("study.yaml", "name: chat\nrecipe: chat.yaml\nseeds: [1, 2]\nset: [\"control=true\", \"distill.epochs=2\"]\nvariants:\n  - { name: forward, set: [] }\n  - { name: reverse, set: [\"distill.objectives=[{ kind: reverse-kl }]\"] }\n");
        var study = _work.Decant("study", _work.At("study.yaml"), "--yes", "--quiet", "--out", _work.At("study"));
        Assert.True(study.Exit == 0, study.Error);
        var table = File.ReadAllText(_work.At("study", "study.md"));
        Assert.Matches(@"\| teacher \| 9\d\.\d % ± 0\.0 \|", table);
        Assert.Equal(220, _teacher.Requests.Count);
    }

    [Fact]
    public void A_teacher_without_a_mistake_on_the_labelled_samples_is_not_calibrated()
    {
        var text = string.Join('\n', File.ReadAllLines(_work.At("train.csv")).Skip(1).Concat(File.ReadAllLines(_work.At("test.csv")).Skip(1)));
        _teacher.Answer = request => text.Split('\n').First(line => FakeTeacherWire.Asks(request, line[..line.LastIndexOf(',')])) is var row && row[(row.LastIndexOf(',') + 1)..] is var name
            ? new FakeReply(name, [(name, [(name, 0.8), (name == "cooking" ? "天气" : "cooking", 0.2)])]) : throw new InvalidOperationException();
        Assert.Matches(@"not calibrated: it is right on all of \d\d labelled training samples", Workplace.Notes(_work.Distill("chat.yaml", "run", "--yes")));
    }

    [Fact]
    public void Of_several_samples_those_that_are_missing_are_asked_for()
    {
        string[] sampled = ["--yes", "--set", "teacher.chat.ask.evidence=samples", "--set", "distill.epochs=1"];
        _work.Distill("chat.yaml", "one", [.. sampled, "--set", "teacher.chat.ask.samples=1"]);
        Assert.Equal(220, _teacher.Requests.Count);
        var three = _work.Distill("chat.yaml", "three", [.. sampled, "--set", "teacher.chat.ask.samples=3"]);
        Assert.Equal(3 * 220, _teacher.Requests.Count);
        Assert.DoesNotContain("abstained", Workplace.Notes(three), StringComparison.Ordinal);
        var short_ = _work.Decant(["distill", _work.At("chat.yaml"), "--quiet", "--out", _work.At("four"), .. sampled, "--set", "teacher.chat.ask.samples=4", "--set", "teacher.chat.budget={ requests: 210 }"]);
        Assert.Contains("210 are not enough", Workplace.Words(short_.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_and_stated_confidence_serve_where_there_are_no_logprobs()
    {
        var random = 0;
        _teacher.Answer = request => Interlocked.Increment(ref random) % 9 == 0 ? new FakeReply("cooking") : WordVotes.Said(request) with { Tokens = null };
        var sampled = _work.Distill("chat.yaml", "sampled", "--yes", "--set", "teacher.chat.ask.evidence=samples", "--set", "teacher.chat.ask.samples=3");
        Assert.Matches(@"agreement with itself: of 3 answers to a text \d\d\.\d % name the same class", Workplace.Notes(sampled));
        _teacher.Answer = request => new FakeReply($"{{\"class\": \"{WordVotes.Said(request).Text}\", \"confidence\": 0.8}}");
        _work.Distill("chat.yaml", "stated", "--yes", "--set", "teacher.chat.ask.evidence=stated");
    }

    [Theory]
    [InlineData("teacher.chat.budget={ money: 1 }", "give input-price and output-price")]
    [InlineData("teacher.chat.budget={ requests: 0 }", "expected a whole number of at least 1")]
    [InlineData("teacher.chat.terms=' '", "read the provider's, and name them")]
    [InlineData("teacher.load=somewhere", "keep 'chat' alone under teacher")]
    [InlineData("student={ from-teacher: { layers: 1 } }", "has no layers to begin with")]
    [InlineData("distill.objectives=[{ kind: embeddings }]", "shows its answers alone")]
    [InlineData("teacher.chat.ask.classes=[{ name: weather }, { name: cooking }]", "has the label '天气', which is not among the classes (weather, cooking)")]
    [InlineData("teacher.chat.ask.classes=[{ name: 天气 }, { name: Cooking }]", "did you mean 'Cooking'?")]
    [InlineData("teacher.chat.ask.classes=[{ name: 天气 }, { name: cooking }, { name: cooking }]", "the class 'cooking' is there twice")]
    [InlineData("teacher.chat.key=sk-not-a-name", "expected the name of an environment variable")]
    [InlineData("teacher.chat.ask.prompt=Which {label} has {text}?", "which the teacher must not see")]
    [InlineData("teacher.chat.endpoint=somewhere", "expected the address of an API")]
    [InlineData("teacher.chat.endpoint=localhost:8000", "teacher.chat.endpoint: expected the address of an API")]
    [InlineData("teacher.chat.endpoint=http://example.com/v1", "is not encrypted")]
    public void What_does_not_go_together_is_refused_before_anything_is_asked(string set, string expected)
    {
        var (exit, _, error) = _work.Decant("check", _work.At("chat.yaml"), "--set", set);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, Workplace.Words(error), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
    }

    [Fact]
    public void A_budget_that_ends_is_an_error_and_no_answer_is_lost()
    {
        var ended = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"), "--set", "teacher.chat.budget={ requests: 50 }");
        Assert.NotEqual(0, ended.Exit);
        Assert.Contains("50 are not enough: 20 were sent, and 200 more texts need one each", Workplace.Words(ended.Error), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count);
        ended = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"), "--set", "teacher.chat.budget={ tokens: 2000 }");
        Assert.Contains("Raise the budget", Workplace.Words(ended.Error), StringComparison.Ordinal);
        var answered = _teacher.Requests.Count;
        Assert.InRange(answered, 21, 60);
        var run = _work.Distill("chat.yaml", "again", "--yes");
        Assert.Contains(FormattableString.Invariant($"{answered} of"), Workplace.Notes(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_recipe_names_the_classes_and_wants_the_terms()
    {
        var written = _work.Decant("new", "classifier-from-prompt", "--data", _work.At("train.csv"), "--classes", "天气,cooking", "--out", _work.At("new.yaml"));
        Assert.True(written.Exit == 0, written.Error);
        Assert.Contains("- { name: 天气, description: \"\" }", File.ReadAllText(_work.At("new.yaml")), StringComparison.Ordinal);
        var check = _work.Decant("check", _work.At("new.yaml"));
        Assert.Contains("name them: they go into the model card", Workplace.Words(check.Error), StringComparison.Ordinal);
        check = _work.Decant("check", _work.At("new.yaml"), "--set", "teacher.chat.terms=none");
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("NAME at localhost would be asked about", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Contains("expected two classes or more, came 0", _work.Decant("new", "classifier-from-prompt", "--data", _work.At("train.csv"), "--out", _work.At("none.yaml")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_chat_client_of_a_program_is_a_teacher()
    {
        using var client = new ScriptedClient((_, question) => Task.FromResult(ScriptedClient.Said(WordVotes.Named(question).Name)));
        var distiller = Distiller.Create(ModelSource.Of(client, new() { Model = "words-1", Answers = _work.At("own-answers"), Terms = "none", Ask = new() { Evidence = ClassEvidence.Samples, Samples = 1 } }), new TextCnnOptions { Embedding = 8, Filters = 4 })
            .On(new CsvOptions { File = _work.At("train.csv") }, test: new CsvOptions { File = _work.At("test.csv") })
            .WithTokenizer(new WordPieceOptions { Vocabulary = 300 }, maxTokens: 12)
            .With(new SoftTargets { Temperature = 1 })
            .Train(o => { o.Epochs = 8; o.Batch = 16; o.Optimizer = new AdamW { LearningRate = 5e-3 }; });
        var first = await distiller.SaveTo(_work.At("own")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        var sent = client.Sent;
        Assert.InRange(first.Figure(Arms.Student), 0.85, 1);
        Assert.Contains(FormattableString.Invariant($"The teacher is words-1, by samples: 0 of {sent} texts were answered before; {sent} requests were sent now."), Workplace.Notes(first.Folder), StringComparison.Ordinal);
        var second = await distiller.SaveTo(_work.At("own-again")).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(sent, client.Sent);
        Assert.Equal(Workplace.Weights(first.Folder, "student"), Workplace.Weights(second.Folder, "student"));
        Assert.Contains("the client is a program's own", _work.Decant("check", Path.Combine(first.Folder, "recipe.yaml")).Error, StringComparison.Ordinal);
    }

    private static string Text(JsonNode request) => FakeTeacherWire.Last(request);
}
