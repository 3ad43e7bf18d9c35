using Decant.Serving.Protocol;

namespace Decant.Serving.Limits;

/// <summary>Lets a bounded number of requests in, fewer of them to computing. Who does not fit is refused at once.</summary>
internal sealed class AdmissionGate : IDisposable
{
    private readonly SemaphoreSlim _slots;
    private readonly int _most;
    private int _admitted;
    private int _computing;

    public AdmissionGate(ServingLimits limits)
    {
        _slots = new(limits.Concurrency, limits.Concurrency);
        _most = limits.Concurrency + limits.Queue;
    }

    /// <summary>How many requests are in.</summary>
    public int Admitted => Volatile.Read(ref _admitted);

    /// <summary>How many of them are computed.</summary>
    public int Computing => Volatile.Read(ref _computing);

    /// <summary>Lets a request in until the result is released.</summary>
    /// <exception cref="ApiException">There is no room: 429.</exception>
    public IDisposable Admit()
    {
        if (Interlocked.Increment(ref _admitted) <= _most)
            return new Release(() => Interlocked.Decrement(ref _admitted));
        Interlocked.Decrement(ref _admitted);
        throw new ApiException(429, "The server is busy: all places for requests are taken. Try again after the time in Retry-After.", null, "server_busy");
    }

    /// <summary>Waits until a request may be computed; it is until the result is released.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _computing);
        return new Release(() =>
        {
            Interlocked.Decrement(ref _computing);
            _slots.Release();
        });
    }

    public void Dispose() => _slots.Dispose();

    private sealed class Release(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }
}
