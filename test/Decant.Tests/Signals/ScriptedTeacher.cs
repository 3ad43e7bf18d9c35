using System.Collections.Concurrent;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Signals;

/// <summary>Doubles the first values of a batch; does what a test wants before, and knows who asked, when, and how many at once.</summary>
internal sealed class ScriptedTeacher(Action<int> before, bool isConcurrent = false) : ITeacher
{
    private int _asked, _now, _most;

    public TeacherOffer Offer { get; } = new(SignalKinds.DenseLogits, ["a", "b", "c"]);

    public bool IsConcurrent => isConcurrent;

    public int Asked => Volatile.Read(ref _asked);

    public int MostAtOnce => Volatile.Read(ref _most);

    /// <summary>The first ids of the batches that were answered, in the order in which their answers were done.</summary>
    public ConcurrentQueue<ulong> Answered { get; } = [];

    /// <summary>The threads that asked.</summary>
    public ConcurrentDictionary<Thread, int> Threads { get; } = [];

    /// <summary>Whether all that asked have ended, but for the caller. A thread's name would tell nothing: what it starts inherits it.</summary>
    public bool ThreadsAreGone => Threads.Keys.All(t => t == Thread.CurrentThread || !t.IsAlive);

    /// <summary>The threads that operators could use while it answered.</summary>
    public ConcurrentQueue<int> CoresSeen { get; } = [];

    public TeacherSignal Answer(Batch batch, CancellationToken cancellationToken = default)
    {
        InterlockedMax(Interlocked.Increment(ref _now));
        try
        {
            Interlocked.Increment(ref _asked);
            Threads.AddOrUpdate(Thread.CurrentThread, 1, (_, n) => n + 1);
            var left = batch.Values * 3; // left lying about, as a model leaves what it makes on its way
            CoresSeen.Enqueue(Runtime.Threads);
            before((int)batch.Ids[0].Value);
            var answer = new DenseLogits(left - batch.Values);
            Answered.Enqueue(batch.Ids[0].Value);
            return answer;
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }

    public void Dispose()
    {
    }

    private void InterlockedMax(int now)
    {
        for (var most = _most; now > most; most = _most)
            Interlocked.CompareExchange(ref _most, now, most);
    }
}

/// <summary>Batches of one sample each, whose id is the batch's number; made one at a time, whoever asks.</summary>
internal sealed class NumberedBatches(int count, int? breaksAt = null)
{
    private int _made, _making;

    public int Made => Volatile.Read(ref _made);

    public bool WasMadeByTwoAtOnce { get; private set; }

    public bool IsOpen { get; private set; }

    public Action<int> Making { get; init; } = _ => { };

    public IEnumerable<Batch> All()
    {
        IsOpen = true;
        try
        {
            for (var i = 0; i < count; i++)
            {
                WasMadeByTwoAtOnce |= Interlocked.Increment(ref _making) > 1;
                if (i == breaksAt)
                    throw new IOException("the disk is gone");
                Making(i);
                var batch = new Batch(Tensor.From([i, 1f, 2f], 1, 3), Tensor.From([i % 2 == 0 ? 0 : Batch.NoLabel]), i % 2 == 0 ? 1 : 0, [new SampleId((ulong)i)]);
                Interlocked.Increment(ref _made);
                Interlocked.Decrement(ref _making);
                yield return batch;
            }
        }
        finally
        {
            IsOpen = false;
        }
    }
}
