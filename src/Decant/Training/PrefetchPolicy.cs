using Decant.Data.Batching;

namespace Decant.Training;

/// <summary>Decides whether batches are made ahead, on a thread of their own, or in turn with the updates. It changes when they are made, never what they are.</summary>
/// <remarks>
/// Where the updates have every core, one thread more costs them far more than it works: the threads of one operator wait for each other, and all of them
/// wait for the one that lost its core. So there they are made in turn, unless that turns out to take a good part of the time.
/// </remarks>
/// <param name="coresAreTaken">Whether the updates have every core.</param>
/// <param name="clock">The clock; the system's by default.</param>
internal sealed class PrefetchPolicy(bool coresAreTaken, TimeProvider? clock = null)
{
    private const int Watched = 16;
    private const double MostOfTheTime = 0.15;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private TimeSpan _making;
    private long _start;
    private int _made;

    /// <summary>Whether the next batch is made when it is needed.</summary>
    private bool IsSynchronous { get; set; } = coresAreTaken;

    /// <summary>An epoch's batches from one on.</summary>
    public IEnumerable<Batch> Enumerate(IBatchSource source, int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        if (IsSynchronous)
        {
            using var batches = source.EnumerateSynchronously(epoch, firstBatch, cancellationToken).GetEnumerator();
            _start = _clock.GetTimestamp();
            (_made, _making) = (0, TimeSpan.Zero);
            while (IsSynchronous)
            {
                if (!Next(batches))
                    yield break;
                firstBatch++;
                yield return batches.Current;
                Judge();
            }
        }

        foreach (var batch in source.Enumerate(epoch, firstBatch, cancellationToken))
            yield return batch;
    }

    private bool Next(IEnumerator<Batch> batches)
    {
        var before = _clock.GetTimestamp();
        var moved = batches.MoveNext();
        _making += _clock.GetElapsedTime(before);
        return moved;
    }

    private void Judge()
    {
        if (++_made == Watched)
            IsSynchronous = _making < MostOfTheTime * _clock.GetElapsedTime(_start);
    }
}
