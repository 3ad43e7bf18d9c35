using System.Text.Json.Nodes;
using Decant.Tests.Inference;

namespace Decant.Tests.Serving;

/// <summary>The model's logits are −(v − s)² of a sum s of all ids modulo V, so what it goes on with and how probable that is are known.</summary>
public sealed class CompletionTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_is_continued_with_its_log_probabilities()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/completions", """{"model":"stories","prompt":"dogs","max_tokens":8,"temperature":0,"logprobs":2}""");
        Assert.True(status == 200, answer.ToJsonString());
        var choice = answer["choices"]![0]!;
        Assert.Equal((folders.Continuation("dogs", 8), "length"), ((string)choice["text"]!, (string)choice["finish_reason"]!));
        var tokens = ModelFolders.Bytes;
        var ids = tokens.Encode("dogs").ToList();
        var prompt = ids.Count;
        foreach (var (place, logprob) in choice["logprobs"]!["token_logprobs"]!.AsArray().Index())
        {
            var next = ids.Sum() % tokens.VocabularySize;
            var expected = -Math.Log(Enumerable.Range(0, tokens.VocabularySize).Sum(v => Math.Exp(-(double)(v - next) * (v - next))));
            Assert.Equal(expected, (double)logprob!, 1e-5);
            Assert.Equal(tokens.Decode([next], keepSpecial: true), (string)choice["logprobs"]!["tokens"]![place]!);
            Assert.Equal(expected, choice["logprobs"]!["top_logprobs"]![place]!.AsObject().Max(top => (double)top.Value!), 1e-5);
            ids.Add(next);
        }

        Assert.Equal(8, ids.Count - prompt);
        Assert.Equal((prompt, 8, prompt + 8), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!, (int)answer["usage"]!["total_tokens"]!));
        Assert.Equal("text_completion", (string)answer["object"]!);
    }

    [Fact]
    public async Task Several_prompts_have_a_choice_each_and_a_stop_text_ends_one()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var whole = folders.Continuation("dogs", 12);
        var stop = whole.Substring(whole.Length / 2, 2);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/completions", new JsonObject
        {
            ["model"] = "stories",
            ["prompt"] = new JsonArray("dogs", "a film"),
            ["max_tokens"] = 12,
            ["temperature"] = 0,
            ["stop"] = stop,
        }.ToJsonString());
        Assert.Equal(200, status);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], (string)answer["choices"]![0]!["text"]!);
        Assert.Equal("stop", (string)answer["choices"]![0]!["finish_reason"]!);
        Assert.Equal((2, 1), (answer["choices"]!.AsArray().Count, (int)answer["choices"]![1]!["index"]!));
    }

    [Fact]
    public async Task A_seed_draws_the_same_text_again()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var texts = new List<string>();
        foreach (var seed in (int[])[7, 7, 8, 9, 10])
        {
            var (_, answer) = await ServedFolders.PostAsync(client, "/v1/completions", $$"""{"model":"stories","prompt":"dogs","max_tokens":20,"temperature":2,"seed":{{seed}}}""");
            texts.Add((string)answer["choices"]![0]!["text"]!);
        }

        Assert.Equal(texts[0], texts[1]);
        Assert.True(texts.Distinct().Count() > 2);
    }

    [Fact]
    public async Task A_stream_gives_the_same_text_in_pieces_then_the_usage_and_the_end()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        using var response = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), ServedFolders.Json("""{"model":"stories","prompt":"dogs","max_tokens":12,"temperature":0,"stream":true,"stream_options":{"include_usage":true}}"""), Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", lines[^1]);
        var events = lines[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!).ToList();
        Assert.Equal(folders.Continuation("dogs", 12), string.Concat(events[..^1].Select(e => (string)e["choices"]![0]!["text"]!)));
        Assert.Equal("length", (string)events[^2]["choices"]![0]!["finish_reason"]!);
        Assert.Equal(12, (int)events[^1]["usage"]!["completion_tokens"]!);
        Assert.True(events.Count > 3);
    }

    [Theory]
    [InlineData("""{"model":"stories","prompt":"a","max_tokens":-1}""", "max_tokens", 400)]
    [InlineData("""{"model":"stories","prompt":"a","max_tokens":100000}""", "max_tokens", 400)]
    [InlineData("""{"model":"stories","prompt":"a","max_tokens":1.5}""", "max_tokens", 400)]
    [InlineData("""{"model":"stories","prompt":"a","temperature":-0.1}""", "temperature", 400)]
    [InlineData("""{"model":"stories","prompt":"a","top_p":0}""", "top_p", 400)]
    [InlineData("""{"model":"stories","prompt":"a","n":2}""", "n", 400)]
    [InlineData("""{"model":"stories","prompt":"a","logprobs":6}""", "logprobs", 400)]
    [InlineData("""{"model":"stories","prompt":"a","echo":true}""", "echo", 400)]
    [InlineData("""{"model":"stories","prompt":"a","stop":[""]}""", "stop", 400)]
    [InlineData("""{"model":"stories","prompt":"a","suffix":"b"}""", "suffix", 400)]
    [InlineData("""{"model":"stories","prompt":"a","frequency_penalty":0}""", "frequency_penalty", 400)]
    [InlineData("""{"model":"stories","prompt":"a","max_tokenz":3}""", "max_tokenz", 400)]
    [InlineData("""{"model":"stories","prompt":"a","stream":true,"stream_options":{"other":1}}""", "stream_options.other", 400)]
    [InlineData("""{"model":"stories","prompt":[]}""", "prompt", 400)]
    [InlineData("""{"model":"stories","prompt":[1,2]}""", "prompt", 400)]
    [InlineData("""{"model":"stories","prompt":"\ud800"}""", "prompt", 400)]
    [InlineData("""{"model":"stories"}""", "prompt", 400)]
    [InlineData("""{"prompt":"a"}""", "model", 400)]
    [InlineData("""{"model":"vectors","prompt":"a"}""", "model", 400)]
    [InlineData("""{"model":"nobody","prompt":"a"}""", "model", 404)]
    [InlineData("""{"model":"stories","model":"stories","prompt":"a"}""", null, 400)]
    [InlineData("""{"model":"stories","prompt":"a" """, null, 400)]
    [InlineData("[]", null, 400)]
    [InlineData("", null, 400)]
    public async Task What_is_wrong_or_not_served_is_refused_by_name(string body, string? parameter, int expected)
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        var (status, answer) = await ServedFolders.PostAsync(client, "/v1/completions", body);
        Assert.Equal((expected, parameter), (status, (string?)answer["error"]!["param"]));
        Assert.Equal("invalid_request_error", (string)answer["error"]!["type"]!);
        Assert.NotEmpty((string)answer["error"]!["message"]!);
    }

    [Fact]
    public async Task A_null_is_a_member_that_was_left_out()
    {
        await using var server = await folders.StartAsync();
        using var client = ServedFolders.Client(server);
        Assert.Equal(200, (await ServedFolders.PostAsync(client, "/v1/completions", """{"model":"stories","prompt":"a","suffix":null,"stop":null,"max_tokens":null}""")).Status);
    }
}
