using Decant.Evaluation.Texts;
using Decant.Models.Generation;
using Decant.Runs;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Tests.Teachers.Remote;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Runs.Texts;

/// <summary>A judge that is shown both orders of each pair of texts.</summary>
public sealed class TextJudgeTests : IDisposable
{
    private const string First = """{"better": "first"}""";
    private const string Second = """{"better": "second"}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_judge_that_always_says_first_prefers_nobody()
    {
        var said = Judge(_ => First, out var sent);
        Assert.Equal(new WinRate(0, 4, 0), said.Rate);
        Assert.Equal((1, 3, 0, 0, 6), (said.Identical, said.Disagreed, said.Unusable, said.Unasked, sent));
    }

    [Fact]
    public void A_judge_with_a_taste_keeps_it_in_both_orders()
    {
        // "good" is better than anything else.
        var said = Judge(question => question.IndexOf("good", StringComparison.Ordinal) is var good and >= 0 && good < question.IndexOf("The second text", StringComparison.Ordinal) ? First : question.Contains("good", StringComparison.Ordinal) ? Second : """{"better": "tie"}""", out _);
        Assert.Equal(new WinRate(1, 2, 1), said.Rate);
        Assert.Equal((1, 0), (said.Identical, said.Disagreed));
    }

    [Fact]
    public void Answers_that_cannot_be_used_are_counted_and_shown()
    {
        var said = Judge(question => question.Contains("bad", StringComparison.Ordinal) ? "I like both of them." : First, out _);
        Assert.Equal(new WinRate(0, 2, 0), said.Rate);
        Assert.Equal(2, said.Unusable);
        Assert.Contains(said.Remarks, r => r.StartsWith("4 of 6 answers of the judge cannot be used (prose 4, such as 'I like both of them.'): their prompts are not counted.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_stored_is_not_asked_for_again()
    {
        var first = Judge(_ => First, out var sent);
        var again = Judge(_ => throw new InvalidOperationException("asked again"), out var more);
        Assert.Equal((6, 0), (sent, more));
        Assert.Equal((first.Rate, first.Disagreed), (again.Rate, again.Disagreed));
        Assert.Contains(again.Remarks, r => r.Contains("of which the store had 6", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trial_answer_that_cannot_be_used_ends_it()
    {
        using var client = new ScriptedClient((_, _) => Task.FromResult(ScriptedClient.Said("Paris, of course")));
        var error = Assert.Throws<DecantException>(() => Of(client).Try(default));
        Assert.Contains("cannot be used (prose): 'Paris, of course'. Nothing was trained.", error.Message, StringComparison.Ordinal);
        using var good = new ScriptedClient((_, _) => Task.FromResult(ScriptedClient.Said(First)));
        using var other = new TemporaryFolder();
        Of(good, other.Path).Try(default);
        Of(good, other.Path).Try(default);
        Assert.Equal(1, good.Sent);
    }

    private JudgedTexts Judge(Func<string, string> answer, out int sent)
    {
        using var client = new ScriptedClient((_, question) => Task.FromResult(ScriptedClient.Said(answer(question))));
        WrittenTexts Texts(params string[] texts) => new([.. texts.Select((t, i) => new WrittenText($"prompt {i}", "reference", t, 1, GenerationEnd.StopToken))]);
        var said = Of(client).Judge(Texts("good", "bad", "same", "x"), Texts("bad", "good", " same\n", "y"), null, default);
        sent = client.Sent;
        return said;
    }

    private TextJudge Of(IChatClient client, string? folder = null)
    {
        var section = new PairJudgeSection { Endpoint = ChatReach.OwnClient, Model = "judge-1", Answers = folder ?? _folder.Path };
        return new(new ChatLine(section, new ChatAsking { Client = client, MayAsk = true }, "evaluate.generation.judge"), section.Ask);
    }
}
