using Decant.Data.Batching;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Preparing;

/// <summary>Reports the progress of a model on a set of samples; what is done within a second is not reported.</summary>
/// <param name="show">Gets the progress; null: none.</param>
/// <param name="begun">What for, which arm, which seed.</param>
/// <param name="clock">The clock; the system's by default.</param>
internal sealed class AnswerProgress(Action<RunEvent>? show, AnswersAsked begun, TimeProvider? clock = null)
{
    private static readonly TimeSpan s_soonest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private AnswersAsked? _last;
    private long _begin;
    private TimeSpan _shown;
    private bool _wasShown;

    /// <summary>What is known at the end, for the record.</summary>
    public AnswersAsked Last => _last ?? begun;

    /// <summary>The batches of a split that an arm is measured on, watched.</summary>
    public static IBatchSource Measuring(IBatchSource batches, string split, string arm, long seed, Action<RunEvent>? show) =>
        new AnswerProgress(show, new() { Purpose = split, Arm = arm, Seed = seed }).Over(batches);

    /// <summary>The same batches; every one that is done with is counted.</summary>
    public IBatchSource Over(IBatchSource batches) => new Watched(this, batches);

    /// <summary>Reports at once that work begins, where its pace is known only at its end.</summary>
    public void Announce(long total)
    {
        (_begin, _wasShown) = (_clock.GetTimestamp(), true);
        _last = begun with { Total = total };
        show?.Invoke(_last);
    }

    /// <summary>Something is done.</summary>
    /// <param name="samples">How many samples, or other units that are counted, are done.</param>
    /// <param name="total">All of them.</param>
    /// <param name="share">How much of the work that is, from 0 to 1.</param>
    public void Report(long samples, long total, double share)
    {
        if (_begin == 0)
            _begin = _clock.GetTimestamp();
        var elapsed = _clock.GetElapsedTime(_begin);
        _last = begun with { Samples = samples, Total = total, Seconds = elapsed.TotalSeconds };
        var isComplete = samples == total;
        if (isComplete ? !_wasShown : elapsed < s_soonest || elapsed - _shown < s_every)
            return;
        (_shown, _wasShown) = (elapsed, true);
        show?.Invoke(_last with { SecondsLeft = share > 0 ? elapsed.TotalSeconds / share * (1 - share) : null, IsComplete = isComplete });
    }

    private sealed class Watched(AnswerProgress watch, IBatchSource batches) : IBatchSource
    {
        private readonly IMeasuredSource? _samples = batches as IMeasuredSource; // null: lanes of running text, counted in batches

        public int BatchesPerEpoch => batches.BatchesPerEpoch;

        public IEnumerable<Batch> Enumerate(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
        {
            var total = _samples?.Count ?? batches.BatchesPerEpoch;
            watch.Report(0, total, 0);
            var work = _samples?.WorkPerBatch() ?? [.. Enumerable.Repeat(1L, total)];
            var all = (double)work.Sum();
            var (done, number, answered) = (0L, firstBatch, 0L);
            foreach (var batch in batches.Enumerate(epoch, firstBatch, cancellationToken))
            {
                var size = _samples is null ? 1 : batch.Size; // the taker disposes it
                yield return batch;
                (done, answered) = (done + work[number++], answered + size);
                watch.Report(answered, total, done / all);
            }
        }
    }
}
