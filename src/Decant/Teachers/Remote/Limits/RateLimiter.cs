namespace Decant.Teachers.Remote.Limits;

/// <summary>Lets requests through in their order, so that within any 60 seconds no more are sent than allowed.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "semaphores without a wait handle hold nothing, and clients share a limiter")]
internal sealed class RateLimiter
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly RateLimitOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _atOnce;
    private readonly Lock _lock = new();
    private readonly Queue<Sent> _recent = new();

    /// <summary>A limit that several clients may share.</summary>
    /// <param name="options">How much is allowed.</param>
    /// <param name="clock">The clock.</param>
    public RateLimiter(RateLimitOptions options, TimeProvider clock)
    {
        options.Check();
        (_options, _clock, _atOnce) = (options, clock, new SemaphoreSlim(options.Concurrency));
    }

    /// <summary>Sends a request when it may be sent.</summary>
    /// <param name="tokens">How many tokens it will have, about.</param>
    /// <param name="send">Sends it, and says with the answer how many tokens it had; null: not known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T> Run<T>(long tokens, Func<Task<(T Answer, long? Tokens)>> send, CancellationToken cancellationToken)
    {
        await _atOnce.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var sent = await Admit(tokens, cancellationToken).ConfigureAwait(false);
            var (answer, had) = await send().ConfigureAwait(false);
            lock (_lock)
                sent.Tokens = had ?? sent.Tokens;
            return answer;
        }
        finally
        {
            _atOnce.Release();
        }
    }

    private async Task<Sent> Admit(long tokens, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var sent = new Sent { Tokens = tokens };
            while (Wait(sent) is { } wait)
                await Task.Delay(wait, _clock, cancellationToken).ConfigureAwait(false);
            return sent;
        }
        finally
        {
            _turn.Release();
        }
    }

    // How long the next request has to wait; null: it may be sent, and is counted.
    private TimeSpan? Wait(Sent next)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            while (_recent.TryPeek(out var oldest) && now - oldest.At >= s_window)
                _recent.Dequeue();
            var tooMany = _recent.Count >= _options.RequestsPerMinute || (_recent.Count > 0 && _recent.Sum(sent => sent.Tokens) + next.Tokens > _options.TokensPerMinute);
            if (tooMany)
                return _recent.Peek().At + s_window - now;
            next.At = now;
            _recent.Enqueue(next);
            return null;
        }
    }

    private sealed class Sent
    {
        public DateTimeOffset At { get; set; }

        public long Tokens { get; set; }
    }
}
