using System.Globalization;
using System.Text.Json;
using Decant.Runs.Reports.Record;
using Decant.Tests.Teachers.Remote;

namespace Decant.Tests.Runs.ActiveLearning;

/// <summary>A chat model that is asked in rounds about what a student is unsure of: 128 training texts, 32 for validation, 60 for the test.</summary>
public sealed class ActiveRoundsTests : IDisposable
{
    private const int Measured = 92;
    private readonly Workplace _work = new();
    private readonly FakeTeacher _teacher = new() { GivesChoices = true };

    public ActiveRoundsTests()
    {
        _teacher.Answer = WordVotes.Said;
        _work.Write("chat.yaml", WordVotes.Recipe(_teacher.Endpoint.Address));
    }

    public void Dispose()
    {
        _teacher.Dispose();
        _work.Dispose();
    }

    [Theory]
    [InlineData("entropy")]
    [InlineData("random")]
    public void Texts_are_asked_about_round_by_round_and_a_second_run_pays_nothing(string choose)
    {
        string[] rounds = ["--yes", "--set", $"teacher.chat.rounds={{ first: 50, more: 20, most: 3, choose: {choose}, least-gain: null }}"];
        var first = _work.Distill("chat.yaml", "first", rounds);
        Assert.Equal(Measured + 50 + 20 + 20, _teacher.Requests.Count);
        Assert.Matches($@"chosen in 3 rounds \({choose}\), by a student .*: 50 texts → accuracy 0\.\d+, 70 texts → accuracy 0\.\d+, 90 texts → accuracy 0\.\d+\. No other round: it was the last of the recipe\.", Workplace.Notes(first));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Measured + 90} of {Measured + 90} texts were answered before"), Workplace.Notes(first), StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Measured + 90} requests were sent now (0 without an answer)"), Workplace.Notes(first), StringComparison.Ordinal); // the whole bill
        Assert.Equal(90, Workplace.Record(first).Events.OfType<AnswersAsked>().Last(a => a is { Purpose: AnswersAsked.TeacherAnswers, Arm: Arms.Student }).Total);
        Assert.InRange(Workplace.Record(first).Events.OfType<Evaluated>().First(e => e.Arm == Arms.Student).Metrics["accuracy"], 0.7, 1);
        var second = _work.Distill("chat.yaml", "second", rounds);
        Assert.Equal(Measured + 90, _teacher.Requests.Count);
        Assert.Equal(Workplace.Weights(first, "student"), Workplace.Weights(second, "student"));
    }

    [Fact]
    public void The_student_chooses_what_it_is_unsure_of()
    {
        const string Rounds = "teacher.chat.rounds={ first: 60, more: 20, most: 2, least-gain: null, choose: ";
        _work.Distill("chat.yaml", "unsure", "--yes", "--set", Rounds + "margin }");
        var before = _teacher.Requests.Count;
        var unsure = _teacher.Requests.TakeLast(20).Average(Doubt);
        _work.Distill("chat.yaml", "random", "--yes", "--set", Rounds + "random }");
        Assert.InRange(_teacher.Requests.Count, before + 1, before + 20); // the first 60 are the same ones
        var all = _teacher.Requests.Take(Measured + 60).Average(Doubt);
        Assert.True(unsure > all, string.Create(CultureInfo.InvariantCulture, $"the teacher's own doubt: {unsure} of those chosen, {all} of all"));
    }

    [Fact]
    public void Without_gain_no_other_round_is_held()
    {
        var run = _work.Distill("chat.yaml", "run", "--yes", "--set", "teacher.chat.rounds={ first: 60, more: 20, most: 5, least-gain: 1 }");
        Assert.Equal(Measured + 60 + 20, _teacher.Requests.Count);
        Assert.Matches(@"chosen in 2 rounds.* No other round: the last gained -?[\d.]+ over the best before it\.", Workplace.Notes(run));
    }

    [Fact]
    public void When_the_budget_ends_the_student_learns_from_what_was_answered()
    {
        var run = _work.Distill("chat.yaml", "run", "--yes", "--set", "teacher.chat.rounds={ first: 60, more: 20, most: 5, least-gain: null }", "--set", "teacher.chat.budget={ requests: 240 }", "--set", "teacher.chat.limit={ concurrency: 1 }", "--set", "data.split={ validation: 0.2 }");
        Assert.InRange(_teacher.Requests.Count, Measured + 60, 240);
        Assert.Matches(@"No other round: (the budget is spent|all training texts)", Workplace.Notes(run));
        _work.Write("short.yaml", File.ReadAllText(_work.At("chat.yaml")).Replace("answers: answers", "answers: other-answers", StringComparison.Ordinal));
        var ended = _work.Decant("distill", _work.At("short.yaml"), "--quiet", "--yes", "--out", _work.At("short"), "--set", "teacher.chat.rounds={ first: 60, more: 20, most: 5, least-gain: null }", "--set", "teacher.chat.budget={ requests: 100 }");
        Assert.Contains("100 are not enough", Workplace.Words(ended.Error), StringComparison.Ordinal); // for the first round and all that may follow
    }

    [Fact]
    public void The_cost_of_all_rounds_is_agreed_to_once_and_a_check_says_at_most_how_many_are_asked_about()
    {
        const string Rounds = "teacher.chat.rounds={ first: 40, more: 20, most: 3, least-gain: null }";
        var check = _work.Decant("check", _work.At("chat.yaml"), "--set", Rounds);
        Assert.True(check.Exit == 0, check.Error);
        Assert.Contains("are chosen in up to 3 rounds, 80 of 128 at most", Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"would be asked about {Measured + 80} of {Measured + 80} texts"), Workplace.Words(check.Out), StringComparison.Ordinal);
        Assert.Empty(_teacher.Requests);
        var refused = _work.Decant("distill", _work.At("chat.yaml"), "--quiet", "--out", _work.At("run"), "--set", Rounds);
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{Measured + 80 - 20} texts to ask about"), Workplace.Words(refused.Error), StringComparison.Ordinal);
        Assert.Equal(20, _teacher.Requests.Count);
    }

    [Fact]
    public void A_run_that_ended_in_a_round_goes_on_with_it()
    {
        string[] command = ["distill", _work.At("chat.yaml"), "--quiet", "--yes", "--out", _work.At("run"), "--set", "teacher.chat.rounds={ first: 60, more: 20, most: 3, least-gain: null }", "--set", "teacher.chat.attempts=1"];
        _teacher.Fault = (number, _) => number >= Measured + 70 ? TeacherFault.WrongKey : TeacherFault.None;
        var ended = _work.Decant(command);
        Assert.NotEqual(0, ended.Exit);
        var sent = _teacher.Requests.Count;
        _teacher.Fault = (_, _) => TeacherFault.None;
        var again = _work.Decant(command);
        Assert.True(again.Exit == 0, again.Error);
        Assert.InRange(_teacher.Requests.Count - sent, 1, 60); // 20 and 20, less those of the second round that were answered, more those that were out
        var rounds = Directory.GetFiles(_work.At("answers", "rounds"), "rounds.json", SearchOption.AllDirectories).Single();
        using var json = JsonDocument.Parse(File.ReadAllText(rounds));
        Assert.Equal([60, 20, 20], json.RootElement.GetProperty("Rounds").EnumerateArray().Select(r => r.GetProperty("Keys").GetArrayLength()));
        File.WriteAllText(rounds, "{ \"Rounds\": ");
        var damaged = _work.Decant([.. command[..5], _work.At("other"), .. command[6..]]);
        Assert.Contains("the rounds are held again", Workplace.Words(damaged.Error), StringComparison.Ordinal);
        File.WriteAllText(rounds, "null");
        Assert.Contains("the rounds are held again", Workplace.Words(_work.Decant([.. command[..5], _work.At("other"), .. command[6..]]).Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("teacher.chat.rounds={ first: 5 }", "at least 20")]
    [InlineData("teacher.chat.rounds={ choose: doubt }", "least-confident")]
    public void Rounds_that_make_no_sense_are_refused(string set, string expected) =>
        Assert.Contains(expected, Workplace.Words(_work.Decant("check", _work.At("chat.yaml"), "--set", set).Error), StringComparison.Ordinal);

    private static double Doubt(System.Text.Json.Nodes.JsonNode request)
    {
        var p = WordVotes.Named(FakeTeacherWire.Last(request)).P;
        return Math.Min(p, 1 - p);
    }
}
