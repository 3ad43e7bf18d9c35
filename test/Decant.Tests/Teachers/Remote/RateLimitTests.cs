using System.Collections.Concurrent;
using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public class RateLimitTests
{
    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<double> _times = new();

    [Fact]
    public async Task No_more_requests_than_allowed_are_sent_within_any_minute()
    {
        await Send(7, new RateLimitOptions { RequestsPerMinute = 3 }, _ => ScriptedClient.Said("yes"));
        Assert.Equal([0, 0, 0, 60, 60, 60, 120], _times);
    }

    /// <summary>Each answer has 40 tokens, and the request counts for (16 + 8) / 4 = 6 before: two fit into 100 with a third that is not yet counted only if 80 + 6 is, and the fourth has to wait.</summary>
    [Fact]
    public async Task No_more_tokens_than_allowed_are_sent_within_any_minute()
    {
        await Send(6, new RateLimitOptions { TokensPerMinute = 100, Concurrency = 1 }, _ => ScriptedClient.Said("yes", 30, 10));
        Assert.Equal([0, 0, 0, 60, 60, 60], _times);
    }

    [Fact]
    public async Task A_request_that_alone_is_more_than_a_minute_allows_is_sent_alone()
    {
        await Send(2, new RateLimitOptions { TokensPerMinute = 5, Concurrency = 1 }, _ => ScriptedClient.Said("yes", 30, 10));
        Assert.Equal([0, 60], _times);
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed()
    {
        var (now, most) = (0, 0);
        using var client = new ScriptedClient(async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(3);
            Interlocked.Decrement(ref now);
            return ScriptedClient.Said("yes");
        }).AsBuilder().UseRateLimit(new RateLimitOptions { Concurrency = 3 }).Build();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.GetResponseAsync("hello")));
        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task A_failed_request_leaves_its_place_to_the_next()
    {
        using var client = new ScriptedClient((number, _) => number == 0 ? Task.FromException<ChatResponse>(new IOException("cut")) : Task.FromResult(ScriptedClient.Said("yes")))
            .AsBuilder().UseRateLimit(new RateLimitOptions { Concurrency = 1 }, _clock).Build();
        await Assert.ThrowsAsync<IOException>(() => client.GetResponseAsync("hello"));
        Assert.Equal("yes", (await client.GetResponseAsync("hello")).Text);
    }

    private async Task Send(int requests, RateLimitOptions options, Func<int, ChatResponse> answer)
    {
        using var client = new ScriptedClient(number =>
        {
            _times.Enqueue(_clock.Now.TotalSeconds);
            return answer(number);
        }).AsBuilder().UseRateLimit(options, _clock).Build();
        await _clock.Until(Task.WhenAll(Enumerable.Range(0, requests).Select(_ => client.GetResponseAsync("12345678"))));
    }
}
