using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public class ChatScorerTests
{
    private static readonly ChatScorerOptions s_stars = new() { Question = "How good is it?", From = 0, To = 5, Meaning = "5 is best" };

    /// <summary>4 has 0.5 and 0.1, 5 has 0.2, 3 has 0.1 of the 0.9 that were seen: the mean is (2.4 + 1 + 0.3) / 0.9 and the mean square (9.6 + 5 + 0.9) / 0.9. Of 7 and of words nothing counts.</summary>
    [Fact]
    public async Task A_score_is_the_mean_of_the_numbers_by_the_probabilities_of_their_tokens()
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply("Score: 4", [("Score:", [("Score:", 1)]), (" 4", [(" 4", 0.5), ("5", 0.2), ("4", 0.1), (" 3", 0.1), ("7", 0.05), ("four", 0.02)])]) };
        using var client = teacher.Endpoint.OpenChat();
        var came = await new ChatScorer(client, s_stars).ScoreAsync("a fine thing");
        Assert.Equal(3.7 / 0.9, came.Score!.Value, 1e-6);
        Assert.Equal((15.5 / 0.9) - (3.7 / 0.9 * (3.7 / 0.9)), came.Variance!.Value, 1e-6);
        Assert.Equal(0.9, came.SeenMass, 1e-6);
        var asked = teacher.Requests.Single();
        Assert.Equal((true, 20, 32), ((bool?)asked["logprobs"], (int?)asked["top_logprobs"], (int?)asked["max_completion_tokens"]));
    }

    /// <summary>2, 3 and 4 have the mean 3 and the variance (1 + 0 + 1) / 2; two answers of five are none.</summary>
    [Fact]
    public async Task Samples_are_averaged_and_what_is_no_number_is_left_out()
    {
        var came = await Score(s_stars with { Evidence = ScoreEvidence.Samples }, "2", "no idea", "3.", "**4**", "17");
        Assert.Equal((3, 1, 0.6, 5), (came.Score!.Value, came.Variance!.Value, came.SeenMass, came.Answers.Count));
    }

    [Fact]
    public async Task Half_of_the_samples_without_a_number_are_an_abstention()
    {
        var came = await Score(s_stars with { Evidence = ScoreEvidence.Samples, Samples = 4 }, "2", "9", "8", "4");
        Assert.Equal((null, AbstentionReason.OffScale), (came.Score, came.Abstention));
    }

    public static TheoryData<string, double?, AbstentionReason?> Texts => new()
    {
        { "4", 4, null },
        { " **4**.", 4, null },
        { "Score: 3", 3, null },
        { "The final score is 3.", 3, null },
        { "0", 0, null },
        { "5", 5, null },
        { "4.0", 4, null },
        { "+2", 2, null },
        { "6", null, AbstentionReason.OffScale },
        { "-1", null, AbstentionReason.OffScale },
        { "4.5", null, AbstentionReason.OffScale },
        { ".5", null, AbstentionReason.OffScale },
        { "4/5", null, AbstentionReason.SeveralAnswers },
        { "between 3 and 4", null, AbstentionReason.SeveralAnswers },
        { "3,5", null, AbstentionReason.SeveralAnswers },
        { "I would say 4", null, AbstentionReason.Prose },
        { "It is rather hard to say.", null, AbstentionReason.Prose },
        { "four", null, AbstentionReason.NoNumber },
        { "NaN", null, AbstentionReason.NoNumber },
        { "", null, AbstentionReason.NoNumber },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Answers_that_are_no_number_of_the_scale_are_abstentions(string text, double? score, AbstentionReason? why)
    {
        var came = await Score(s_stars with { Evidence = ScoreEvidence.Samples, Samples = 1 }, text);
        Assert.Equal((score, why), (came.Score, came.Abstention));
    }

    [Theory]
    [InlineData("""{"score": 3.7}""", 3.7, null)]
    [InlineData("```json\n{\"score\": 2, \"why\": \"so\"}\n```", 2.0, null)]
    [InlineData("4", 4.0, null)]
    [InlineData("""{"score": 7}""", null, AbstentionReason.OffScale)]
    [InlineData("""{"score": "4"}""", null, AbstentionReason.NoNumber)]
    [InlineData("""{"score": [1, 2]}""", null, AbstentionReason.SeveralAnswers)]
    [InlineData("""{"score": 1} {"score": 2}""", null, AbstentionReason.SeveralAnswers)]
    [InlineData("""{"grade": 4}""", null, AbstentionReason.OtherShape)]
    [InlineData("""{"score": 4""", null, AbstentionReason.BrokenJson)]
    [InlineData("The score is 4", null, AbstentionReason.Prose)]
    public async Task A_stated_number_is_read_from_JSON(string text, double? score, AbstentionReason? why)
    {
        var came = await Score(s_stars with { Evidence = ScoreEvidence.Stated, Step = null }, text);
        Assert.Equal((score, why, null), (came.Score, came.Abstention, came.Variance));
    }

    [Theory]
    [InlineData("I will not", "stop", "I will not", AbstentionReason.Refused)]
    [InlineData("", "content_filter", null, AbstentionReason.Refused)]
    [InlineData("Well, this is a", "length", null, AbstentionReason.CutOff)]
    public async Task Refusals_and_cut_answers_are_abstentions(string text, string finish, string? refusal, AbstentionReason why)
    {
        using var teacher = new FakeTeacher { Answer = _ => new FakeReply(text) { Finish = finish, Refusal = refusal } };
        using var client = teacher.Endpoint.OpenChat();
        Assert.Equal(why, (await new ChatScorer(client, s_stars).ScoreAsync("text")).Abstention);
    }

    [Theory]
    [InlineData(0.0, 5.0, 0.5, "2.5", 2.5)]
    [InlineData(-2.0, 2.0, 1.0, "-2", -2.0)]
    [InlineData(0.0, 1.0, 0.1, "0.3", 0.3)]
    [InlineData(0.0, 1.0, 0.1, "0.35", null)]
    [InlineData(1.0, 9.0, 2.0, "4", null)]
    public async Task Numbers_between_the_steps_are_not_on_the_scale(double from, double to, double step, string answer, double? score) =>
        Assert.Equal(score, (await Score(s_stars with { From = from, To = to, Step = step, Evidence = ScoreEvidence.Samples, Samples = 1 }, answer)).Score);

    [Fact]
    public void A_pair_has_a_frame_for_each_text_and_places_within_a_text_stay_as_they_are()
    {
        using var client = new ScriptedClient(_ => ScriptedClient.Said("3"));
        var scorer = new ChatScorer(client, s_stars with { Examples = [new("a", 5, "b")] });
        var messages = scorer.Messages("One {pair}", "Two {text}");
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User], messages.Select(m => m.Role));
        Assert.Equal("5", messages[2].Text);
        Assert.StartsWith("How good is it?\n\nScale: whole numbers from 0 to 5 (5 is best).", messages[0].Text, StringComparison.Ordinal);
        Assert.Matches(@"^First text:\n<(text-[0-9a-f]{8})>\nOne \{pair\}\n</\1>\n\nSecond text:\n<\1>\nTwo \{text\}\n</\1>$", messages[3].Text);
        Assert.NotEqual(messages[3].Text[..40], scorer.Messages("One {pair}", "Other")[3].Text[..40]); // the mark follows from both
    }

    [Fact]
    public void A_prompt_for_pairs_is_not_asked_of_single_texts_nor_the_other_way_round()
    {
        using var client = new ScriptedClient(_ => ScriptedClient.Said("3"));
        var scorer = new ChatScorer(client, s_stars with { Prompt = "{text} and {pair}" });
        Assert.Equal(2, scorer.Messages("one", "two").Count);
        Assert.Contains("and there is one text", Assert.Throws<DecantException>(() => scorer.Messages("one")).Message, StringComparison.Ordinal);
        Assert.Contains("it has no {pair} for the second one", Assert.Throws<DecantException>(() => new ChatScorer(client, s_stars with { Prompt = "Rate {text}" }).Messages("one", "two")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_logprobs_is_an_error_and_no_abstention()
    {
        using var client = new ScriptedClient(_ => ScriptedClient.Said("3"));
        Assert.Contains("gives no logprobs", (await Assert.ThrowsAsync<DecantException>(() => new ChatScorer(client, s_stars).ScoreAsync("text"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_be_meant_are_refused()
    {
        Assert.Contains("question: expected what is to be scored", Refused(s_stars with { Question = " " }), StringComparison.Ordinal);
        Assert.Contains("the lower one first, came from 5 to 5", Refused(s_stars with { From = 5 }), StringComparison.Ordinal);
        Assert.Contains("in steps of 2 the scale does not come to 5", Refused(s_stars with { Step = 2 }), StringComparison.Ordinal);
        Assert.Contains("logprobs needs whole numbers from 0 to 9", Refused(s_stars with { To = 10 }), StringComparison.Ordinal);
        Assert.Contains("logprobs needs whole numbers from 0 to 9", Refused(s_stars with { Step = 0.5 }), StringComparison.Ordinal);
        Assert.Contains("in steps of any size", Refused(s_stars with { Step = null }), StringComparison.Ordinal);
        Assert.Contains("expected {text} where the text goes", Refused(s_stars with { Prompt = "Rate {pair}" }), StringComparison.Ordinal);
        Assert.Contains("a place for the score, which the teacher must not see", Refused(s_stars with { Prompt = "{text}: {score}" }), StringComparison.Ordinal);
        Assert.Contains("a score that is not on the scale", Refused(s_stars with { Examples = [new("x", 6)] }), StringComparison.Ordinal);
        Assert.Contains("temperature: expected 0 or more, came -1", Refused(s_stars with { Temperature = -1 }), StringComparison.Ordinal);

        static string Refused(ChatScorerOptions options)
        {
            using var client = new ScriptedClient(_ => ScriptedClient.Said(""));
            return Assert.Throws<DecantException>(() => new ChatScorer(client, options)).Message;
        }
    }

    [Fact]
    public void Any_answer_is_a_number_of_the_scale_or_an_abstention() => Prop.ForAll(Answers, answer =>
        new[] { ScoreEvidence.Samples, ScoreEvidence.Stated }.All(evidence =>
        {
            var came = Score(s_stars with { Evidence = evidence, Samples = 1 }, answer).GetAwaiter().GetResult();
            return came.Score is { } score ? score is >= 0 and <= 5 && score == Math.Floor(score) && came.Abstention is null : came.Abstention is not null;
        })).QuickCheckThrowOnFailure();

    private static readonly Arbitrary<string> Answers =
        Gen.Elements("{\"score\":", "}", "4", "3", ".", "-", " ", "Score:", "is", "\"", "[", "]", ",", "```", "1e9", "٤", "NaN", "\ud83d", "/", "999999999999999999999", "the").ArrayOf().Select(string.Concat).ToArbitrary();

    private static Task<ChatScore> Score(ChatScorerOptions options, params string[] answers)
    {
        var client = new ScriptedClient(number => ScriptedClient.Said(answers[number % answers.Length], 10, 1));
        return new ChatScorer(client, options).ScoreAsync("some text");
    }
}
