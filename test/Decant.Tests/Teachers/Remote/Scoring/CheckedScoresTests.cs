using System.Text.Json;
using Decant.Teachers.Remote.Scoring;
using Decant.Text.Training;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Teachers.Remote.Scoring;

public sealed class CheckedScoresTests
{
    private static readonly NumberTokens s_tokens = new(20);
    private static readonly int[] s_ids = [3, 1, 4];

    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"tokens":["t3","t1","t4"],"token_logprobs":[null,-0.5,-1.25]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.5,-1.25]}}],"usage":{"prompt_tokens":3}}""")]
    [InlineData("""{"choices":[{"logprobs":{"tokens":["token_id:3","token_id:1","token_id:4"],"token_logprobs":[-7,-0.5,-1.25]}}]}""")]
    public void Echoed_scores_are_read(string reply) => Assert.Equal([-0.5f, -1.25f], Read(reply));

    [Theory]
    [InlineData("""{"choices":[{"prompt_logprobs":[null,{"1":{"logprob":-0.5}},{"9":{"logprob":-0.1},"4":{"logprob":-1.25,"decoded_token":" t4"}}]}]}""")]
    [InlineData("""{"choices":[{}],"prompt_logprobs":[null,{"1":{"logprob":-0.5}},{"4":{"logprob":-1.25}}]}""")]
    public void Scores_by_ids_are_read(string reply) => Assert.Equal([-0.5f, -1.25f], Read(reply, PromptLogprobsForm.PromptLogprobs));

    [Fact]
    public void A_rounding_above_0_is_0() => Assert.Equal([0f, -1f], Read("""{"choices":[{"logprobs":{"token_logprobs":[null,0.0001,-1]}}]}"""));

    [Theory]
    [InlineData("""{"choices":[{"text":"x","logprobs":null}]}""")]
    [InlineData("""{"choices":[{"text":"x"}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[],"tokens":[]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":[{"token":"x","logprob":-0.1,"top_logprobs":[]}]}}]}""")] // of generated tokens, as llama.cpp's server has it
    public void A_server_without_log_probabilities_of_prompts_is_named_with_what_needs_them(string reply) => Refused(reply, "gives no log-probabilities of a prompt's tokens. On-policy distillation from outside ('granularity: sampled') needs them");

    [Fact]
    public void Log_probabilities_of_generated_tokens_are_not_taken_for_the_prompts() =>
        Refused("""{"choices":[{"logprobs":{"tokens":["more"],"token_logprobs":[-0.1]}}]}""", "gives no log-probabilities of a prompt's tokens", options: new() { GeneratedTokens = 1 });

    [Fact]
    public void Without_the_list_by_ids_the_server_is_named_too() => Refused("""{"choices":[{"prompt_logprobs":null}]}""", "expected 'prompt_logprobs', as vLLM gives it, came none", PromptLogprobsForm.PromptLogprobs);

    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.1,-0.5,-1.25]}}]}""", "3 tokens that were sent, came 4")]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.1]}}]}""", "3 tokens that were sent, came 2")]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.1,-0.5]}}],"usage":{"prompt_tokens":4}}""", "(prompt_tokens: 4)")] // one was added at the beginning
    public void Another_count_is_another_tokenizer(string reply, string expected) => Refused(reply, expected);

    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"tokens":["t3","t7","t4"],"token_logprobs":[null,-0.5,-1.25]}}]}""", "token 2 was sent as 1 ('t1'), and came back as 't7'", false)]
    [InlineData("""{"choices":[{"logprobs":{"tokens":["token_id:3","token_id:1","token_id:5"],"token_logprobs":[null,-0.5,-1.25]}}]}""", "token 3 was sent as 4 ('t4'), and came back as token 5", false)]
    [InlineData("""{"choices":[{"prompt_logprobs":[null,{"2":{"logprob":-0.5}},{"4":{"logprob":-1.25}}]}]}""", "token 2 was sent as 1 ('t1'), and came back as token 2", true)]
    [InlineData("""{"choices":[{"prompt_logprobs":[null,{"1":{"logprob":-0.5,"decoded_token":" cat"}},{"4":{"logprob":-1.25}}]}]}""", "token 2 was sent as 1 ('t1'), and came back as ' cat'", true)]
    public void Another_token_is_named_with_its_place(string reply, string expected, bool byIds) => Refused(reply, expected, FormOf(byIds));

    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.5,null]}}]}""", "token 3 ('t4') has no log-probability (null, or not a number)", false)]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,"NaN",-1]}}]}""", "token 2 ('t1') has no log-probability (null, or not a number)", false)]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.5,0.5]}}]}""", "token 3 ('t4') has the log-probability 0.5", false)]
    [InlineData("""{"choices":[{"logprobs":{"token_logprobs":[null,-0.5,-1e999]}}]}""", "token 3 ('t4') has the log-probability -Infinity", false)]
    [InlineData("""{"choices":[{"prompt_logprobs":[null,null,{"4":{"logprob":-1}}]}]}""", "token 2 ('t1') has no log-probability", true)]
    [InlineData("""{"choices":[{"prompt_logprobs":[null,{},{"4":{"logprob":-1}}]}]}""", "token 2", true)]
    public void A_token_without_a_score_is_named(string reply, string expected, bool byIds) => Refused(reply, expected, FormOf(byIds));

    [Fact]
    public void Texts_of_tokens_may_be_written_in_a_servers_own_way()
    {
        var tokenizer = new ByteBpeOptions { Vocabulary = 300 }.Train([string.Concat(Enumerable.Repeat("some words, other words\n", 20))]);
        var same = new SameTokens(tokenizer);
        var ids = tokenizer.Encode("some words, é\n");
        foreach (var id in ids)
        {
            Assert.Null(same.Other(id, new(-1, null, tokenizer.Decode([id]))));
            Assert.Null(same.Other(id, new(-1, null, tokenizer.TokenOf(id))));
            Assert.Null(same.Other(id, new(-1, null, "")));
        }

        var word = ids.First(id => tokenizer.Decode([id]).Any(char.IsLetter));
        Assert.Equal("'▁zebra'", same.Other(word, new(-1, null, "▁zebra")));
    }

    [Fact]
    public void Any_reply_is_scores_or_a_refusal() => Prop.ForAll(Replies, text =>
    {
        using var reply = Parsed(text);
        if (reply is null)
            return true;
        foreach (var form in Enum.GetValues<PromptLogprobsForm>())
        {
            try
            {
                var scores = new CheckedScores("here", s_tokens, new() { Form = form }).Of(reply.RootElement, s_ids, 1);
                if (scores.Length != 2 || scores.Any(s => !float.IsFinite(s) || s > 0))
                    return false;
            }
            catch (DecantException)
            {
                // refused by name
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private static readonly Arbitrary<string> Replies =
        (from values in Gen.Elements("null", "-1", "0.0", "2", "\"a\"", "{}", "[]", "{\"1\":{\"logprob\":-1}}", "{\"4\":{\"logprob\":null}}", "{\"4\":{\"logprob\":-2,\"decoded_token\":4}}", "{\"99999999999\":{\"logprob\":-1}}", "-1e999").ArrayOf(3)
         from name in Gen.Elements("token_logprobs", "tokens", "content")
         from frame in Gen.Elements("{{\"choices\":[{{\"logprobs\":{{\"{1}\":[{0}]}},\"prompt_logprobs\":[{0}]}}]}}", "{{\"choices\":[{{\"logprobs\":[{0}]}}],\"prompt_logprobs\":[{0}],\"usage\":{{\"prompt_tokens\":-3}}}}", "{{\"choices\":{0}}}", "[{0}]", "{{\"choices\":[{0}],\"usage\":[{0}]}}")
         select string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, string.Join(',', values), name)).ToArbitrary();

    private static PromptLogprobsForm FormOf(bool byIds) => byIds ? PromptLogprobsForm.PromptLogprobs : PromptLogprobsForm.Echo;

    private static JsonDocument? Parsed(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static float[] Read(string reply, PromptLogprobsForm form = PromptLogprobsForm.Echo, TokenScorerOptions? options = null)
    {
        using var json = JsonDocument.Parse(reply);
        return new CheckedScores("http://here/v1, model 'm'", s_tokens, options ?? new() { Form = form }).Of(json.RootElement, s_ids, 1);
    }

    private static void Refused(string reply, string expected, PromptLogprobsForm form = PromptLogprobsForm.Echo, TokenScorerOptions? options = null)
    {
        var error = Assert.Throws<DecantException>(() => Read(reply, form, options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("http://here/v1, model 'm': ", error.Message, StringComparison.Ordinal);
    }
}
