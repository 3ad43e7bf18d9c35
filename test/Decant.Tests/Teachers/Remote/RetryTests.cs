using System.Text.Json;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

public class RetryTests
{
    private readonly ManualClock _clock = new();
    private readonly List<double> _times = [];

    /// <summary>Polly's decorrelated jitter with the random number 0.5: (f(a + 0.5) − f(a − 0.5)) / 1.4 seconds for the failure a = 0, 1, …, where f(t) = 2^t · tanh √(4t) and f(−0.5) = 0.</summary>
    [Fact]
    public async Task The_waits_double_with_jitter()
    {
        var error = await Assert.ThrowsAsync<PoisonedRequestException>(() => Ask(_ => new RemoteTeacherException(RemoteFault.Server, "500"), new RetryOptions { Attempts = 5, LongestWait = TimeSpan.FromMinutes(1) }));
        Assert.Equal((5, RemoteFault.Server), (error.Attempts, error.Fault));
        double[] waits = [0, 0.8974, 1.0930, 2.0357, 4.0459];
        for (var i = 1; i < waits.Length; i++)
            Assert.Equal(waits[i], _times[i] - _times[i - 1], 0.01);
    }

    [Fact]
    public async Task The_time_that_the_server_asks_for_is_kept()
    {
        await Ask(number => number < 2 ? new RemoteTeacherException(RemoteFault.Throttled, "429", TimeSpan.FromSeconds(7)) : null);
        Assert.Equal([0, 7, 14], _times);
    }

    [Fact]
    public async Task A_server_that_asks_for_too_long_a_wait_is_reported()
    {
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => Ask(_ => new RemoteTeacherException(RemoteFault.Throttled, "429", TimeSpan.FromHours(1))));
        Assert.Equal((RemoteFault.Throttled, 1), (error.Fault, _times.Count));
    }

    public static TheoryData<RemoteFault> Final => [RemoteFault.Key, RemoteFault.UnknownModel, RemoteFault.NotAnApi, RemoteFault.Certificate, RemoteFault.BadRequest, RemoteFault.TooLong, RemoteFault.Filtered, RemoteFault.Quota];

    [Theory]
    [MemberData(nameof(Final))]
    public async Task What_another_attempt_would_not_change_is_sent_once(RemoteFault fault)
    {
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => Ask(_ => new RemoteTeacherException(fault, "no")));
        Assert.Equal((fault, 1), (error.Fault, _times.Count));
    }

    public static TheoryData<string> Passing => ["cut", "half", "time"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Failures_of_any_client_are_understood(string what)
    {
        Exception failure = what switch { "cut" => new IOException("cut"), "half" => new JsonException("half"), _ => new TaskCanceledException("time", new TimeoutException()) };
        await Ask(number => number == 0 ? failure : null);
        Assert.Equal(2, _times.Count);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up_and_sent_again()
    {
        var inner = new ScriptedClient((number, _) =>
        {
            _times.Add(_clock.Now.TotalSeconds);
            return number == 0 ? new TaskCompletionSource<ChatResponse>().Task : Task.FromResult(ScriptedClient.Said("yes"));
        });
        using var client = inner.AsBuilder().UseRetry(new RetryOptions { AttemptTimeout = TimeSpan.FromSeconds(30) }, _clock, () => 0.5).Build();
        Assert.Equal("yes", (await _clock.Until(client.GetResponseAsync("hello"))).Text);
        Assert.Equal(30.897, _times[1], 0.01);
    }

    /// <summary>After four failures in a row nothing is sent for 15 seconds; then one request tries, and the others follow when it is answered.</summary>
    [Fact]
    public async Task A_server_that_fails_all_the_time_is_left_alone_and_nothing_is_poisoned()
    {
        var inner = new ScriptedClient((number, _) =>
        {
            _times.Add(_clock.Now.TotalSeconds);
            return _clock.Now < TimeSpan.FromSeconds(40) ? Task.FromException<ChatResponse>(new IOException("cut")) : Task.FromResult(ScriptedClient.Said("yes"));
        });
        using var client = inner.AsBuilder().UseRetry(new RetryOptions { BreakAfter = 4, Attempts = 6 }, _clock, () => 0.5).Build();
        Assert.Equal("yes", (await _clock.Until(client.GetResponseAsync("hello"))).Text);
        Assert.InRange(_times.Count, 6, 8);
        Assert.True(_times.Zip(_times.Skip(1), (a, b) => b - a).Count(wait => wait >= 14.9) >= 2, string.Join(", ", _times));
    }

    [Fact]
    public async Task A_server_that_stays_down_fails_after_the_patience_and_is_not_taken_for_a_poisoned_row()
    {
        var options = new RetryOptions { BreakAfter = 2, Attempts = 50, DownPatience = TimeSpan.FromMinutes(1) };
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => Ask(_ => new IOException("cut"), options));
        Assert.Equal(RemoteFault.Server, error.Fault);
        Assert.Contains("has been failing for longer than 00:01:00", error.Message, StringComparison.Ordinal);
        Assert.InRange(_clock.Now.TotalSeconds, 45, 90);
    }

    [Theory]
    [InlineData(RemoteFault.Unreachable)]
    [InlineData(RemoteFault.WrongModel)]
    [InlineData(RemoteFault.Throttled)]
    public async Task What_is_not_the_rows_own_fault_does_not_set_it_aside(RemoteFault fault)
    {
        var error = await Assert.ThrowsAsync<RemoteTeacherException>(() => Ask(_ => new RemoteTeacherException(fault, "no"), new RetryOptions { Attempts = 4 }));
        Assert.Equal((fault, 4), (error.Fault, _times.Count));
    }

    [Fact]
    public async Task A_cancelled_request_is_not_sent_again()
    {
        using var cancel = new CancellationTokenSource();
        using var client = new ScriptedClient((_, _) =>
        {
            cancel.Cancel();
            return Task.FromException<ChatResponse>(new IOException("cut"));
        }).AsBuilder().UseRetry(null, _clock).Build();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.Until(client.GetResponseAsync("hello", null, cancel.Token)));
    }

    [Fact]
    public void Options_that_cannot_be_meant_are_refused()
    {
        using var inner = new ScriptedClient(_ => ScriptedClient.Said(""));
        Assert.Contains("attempts: expected 1 or more, came 0", Assert.Throws<DecantException>(() => inner.AsBuilder().UseRetry(new RetryOptions { Attempts = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<DecantException>(() => inner.AsBuilder().UseRetry(new RetryOptions { FirstWait = TimeSpan.FromMinutes(9) }));
        Assert.Throws<DecantException>(() => inner.AsBuilder().UseRateLimit(new RateLimitOptions { Concurrency = 0 }));
    }

    private async Task<ChatResponse> Ask(Func<int, Exception?> failure, RetryOptions? options = null)
    {
        var inner = new ScriptedClient((number, _) =>
        {
            _times.Add(_clock.Now.TotalSeconds);
            return failure(number) is { } error ? Task.FromException<ChatResponse>(error) : Task.FromResult(ScriptedClient.Said("yes"));
        });
        using var client = inner.AsBuilder().UseRetry(options, _clock, () => 0.5).Build();
        return await _clock.Until(client.GetResponseAsync("hello"));
    }
}
