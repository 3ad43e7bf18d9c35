using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Decant.Data.Batching;

/// <summary>Enumerates a sequence on a thread of its own, a bounded number of items ahead, in order; a fault comes out where its item would have.</summary>
/// <typeparam name="T">Items that the consumer disposes; those that were not taken are disposed here.</typeparam>
internal sealed class Prefetcher<T> : IDisposable where T : class, IDisposable
{
    private readonly Func<CancellationToken, IEnumerable<T>> _make;
    private readonly BlockingCollection<T> _ready;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _stop;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _fault;

    /// <param name="make">Makes the sequence; called on the other thread, with a token that disposal cancels.</param>
    /// <param name="capacity">How many items may wait.</param>
    /// <param name="cancellationToken">Ends the taking and the making.</param>
    public Prefetcher(Func<CancellationToken, IEnumerable<T>> make, int capacity, CancellationToken cancellationToken)
    {
        _make = make;
        _ready = new(capacity);
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "decant-prefetch" };
        // Unsafe: the execution context stays behind, and with it the taker's tensor scope, which must not own what is made here.
        _thread.UnsafeStart();
    }

    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        if (_ready.TryTake(out item, Timeout.Infinite, _cancellationToken)) return true;
        _fault?.Throw(); // written before the collection was completed
        return false;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        while (_ready.TryTake(out var item)) item.Dispose();
        _ready.Dispose();
        _stop.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again on the taker's thread.")]
    private void Run()
    {
        try
        {
            foreach (var item in _make(_stop.Token)) Hand(item);
        }
        catch (OperationCanceledException e) when (_stop.IsCancellationRequested)
        {
            if (_cancellationToken.IsCancellationRequested) _fault = ExceptionDispatchInfo.Capture(e);
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }

        _ready.CompleteAdding();
    }

    private void Hand(T item)
    {
        try
        {
            _ready.Add(item, _stop.Token);
        }
        catch
        {
            item.Dispose();
            throw;
        }
    }
}
