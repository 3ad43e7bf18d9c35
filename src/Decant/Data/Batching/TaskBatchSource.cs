namespace Decant.Data.Batching;

/// <summary>Batches of several tasks, each batch of one of them, in the order of a <see cref="TaskOrder"/>; every batch says its <see cref="Batch.Task"/>.</summary>
/// <remarks>
/// Each task's samples are gone through by its own source, epoch after epoch of it: all are seen once before one is seen twice, however often the task's turn comes.
/// </remarks>
/// <param name="tasks">The tasks by name, in the order's order; a source's epoch has as many batches as the order was made with.</param>
/// <param name="order">How the tasks alternate.</param>
internal sealed class TaskBatchSource(IReadOnlyList<KeyValuePair<string, IBatchSource>> tasks, TaskOrder order) : IBatchSource
{
    /// <inheritdoc/>
    public int BatchesPerEpoch => order.BatchesPerEpoch;

    /// <inheritdoc/>
    public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        Mix(epoch, firstBatch, (source, inner, skip) => source.Enumerate(inner, skip, cancellationToken));

    /// <inheritdoc/>
    public IEnumerable<Batch> EnumerateSynchronously(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default) =>
        Mix(epoch, firstBatch, (source, inner, skip) => source.EnumerateSynchronously(inner, skip, cancellationToken));

    private IEnumerable<Batch> Mix(int epoch, int firstBatch, Func<IBatchSource, int, int, IEnumerable<Batch>> open)
    {
        var before = order.Before(epoch, firstBatch);
        var streams = tasks.Select((task, i) => new Stream(task.Value, before[i], open)).ToArray();
        try
        {
            foreach (var task in order.Epoch(epoch).Skip(firstBatch))
            {
                var batch = streams[task].Next();
                batch.Task = tasks[task].Key;
                yield return batch;
            }
        }
        finally
        {
            foreach (var stream in streams)
                stream.Dispose();
        }
    }

    /// <summary>One task's batches, without end, from a position on. Nothing is opened before it is needed.</summary>
    private sealed class Stream(IBatchSource source, long position, Func<IBatchSource, int, int, IEnumerable<Batch>> open) : IDisposable
    {
        private IEnumerator<Batch>? _batches;
        private long _position = position;

        public Batch Next()
        {
            while (true)
            {
                _batches ??= Open();
                if (_batches.MoveNext())
                {
                    _position++;
                    return _batches.Current;
                }

                Dispose();
            }
        }

        public void Dispose()
        {
            _batches?.Dispose();
            _batches = null;
        }

        private IEnumerator<Batch> Open()
        {
            var (epoch, batch) = Math.DivRem(_position, source.BatchesPerEpoch);
            return open(source, checked((int)epoch), (int)batch).GetEnumerator();
        }
    }
}
