using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Decant.Teachers.Remote.Asking;

/// <summary>Work on a list, several at the same time, with results in the list's order.</summary>
internal static class OrderedWork
{
    private const int Ahead = 4; // so that one slow item does not hold up the others

    /// <summary>Does it. After a failure nothing is begun any more, what is under way ends, and the failure is thrown after the results before it.</summary>
    /// <param name="items">The items, read as needed.</param>
    /// <param name="concurrency">How many at the same time.</param>
    /// <param name="work">The work on an item and its index.</param>
    /// <param name="patience">How long what is under way may still take once it is cancelled; null: it is ended at once.</param>
    /// <param name="cancellationToken">Ends what is under way too, after that time.</param>
    public static async IAsyncEnumerable<TResult> Run<TItem, TResult>(IEnumerable<TItem> items, int concurrency, Func<TItem, int, CancellationToken, Task<TResult>> work, TimeSpan? patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(concurrency);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var last = new CancellationTokenSource();
        using var ending = cancellationToken.Register(() => last.CancelAfter(patience ?? TimeSpan.Zero));
        var pending = new Queue<Task<TResult>>();
        ExceptionDispatchInfo? failure = null;
        try
        {
            var index = 0;
            foreach (var item in items)
            {
                pending.Enqueue(Started(item, index++));
                while (pending.Count >= Ahead * concurrency || pending.TryPeek(out var first) && first.IsCompleted)
                    yield return await Result(pending.Dequeue()).ConfigureAwait(false);
            }

            while (pending.TryDequeue(out var next))
                yield return await Result(next).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(pending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<TResult> Started(TItem item, int at)
        {
            await slots.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                return await work(item, at, last.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (Stop(error))
            {
                throw;
            }
            finally
            {
                slots.Release();
            }
        }

        bool Stop(Exception error)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            stop.Cancel();
            return true;
        }

        async Task<TResult> Result(Task<TResult> task)
        {
            try
            {
                return await task.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure?.Throw(); // what was not begun because of it
                throw;
            }
        }
    }
}
