using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>Batches with their teacher's answers, which a thread of its own asks for a bounded number of batches ahead; in order.</summary>
/// <remarks>
/// The consumer's thread answers too while it would wait, where the teacher can be called by two threads at once and both use as many threads:
/// so no core idles, whichever of teacher and student is slower. An answer does not depend on the thread.
/// </remarks>
internal sealed class TeacherPrefetcher : IDisposable
{
    private readonly IEnumerator<Batch> _batches;
    private readonly ITeacher _teacher;
    private readonly Func<Batch, bool> _asks;
    private readonly ThreadAllocation _split;
    private readonly int _ahead;
    private readonly Lock _source = new();
    private readonly object _gate = new();
    private readonly Queue<Slot> _slots = new(); // guarded by _gate
    private readonly Thread _thread;
    private bool _ended; // guarded by _gate: no batch comes any more
    private bool _stopped; // guarded by _gate

    /// <summary>Starts to ask.</summary>
    /// <param name="batches">The batches; their enumerator is disposed with this.</param>
    /// <param name="teacher">The teacher, called from another thread than the caller's; not disposed by this.</param>
    /// <param name="split">The cores; the teacher's share is 1 or more.</param>
    /// <param name="asks">Whether the teacher is needed for a batch; null: for all.</param>
    /// <param name="ahead">How many answers may wait; 4 by default.</param>
    public TeacherPrefetcher(IEnumerable<Batch> batches, ITeacher teacher, ThreadAllocation split, Func<Batch, bool>? asks = null, int ahead = 4)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(split);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(split.Teacher, 1, nameof(split));
        (_batches, _teacher, _split, _asks, _ahead) = (batches.GetEnumerator(), teacher, split, asks ?? (_ => true), ahead);
        _thread = new Thread(Work) { IsBackground = true, Name = "decant-teacher" };
        // Unsafe: the execution context stays behind, and with it the taker's tensor scope, which must not own what is made here.
        _thread.UnsafeStart();
    }

    private bool Helps => _teacher.IsConcurrent && _split.Student == _split.Teacher;

    /// <summary>The next batch with its answer, which the caller disposes; null at the end. What the source or the teacher threw comes out here.</summary>
    public TaughtBatch? Next()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_slots.TryPeek(out var head) && head.IsDone)
                {
                    _slots.Dequeue();
                    Monitor.PulseAll(_gate);
                    return head.ToTaughtBatch();
                }

                if (_ended && _slots.Count == 0)
                    return null;
                if (!Helps || _ended || _slots.Count >= _ahead)
                {
                    Monitor.Wait(_gate);
                    continue;
                }
            }

            Advance();
        }
    }

    /// <summary>Stops the prefetching, waits for the answer that is being made, and releases what was not taken.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        foreach (var slot in _slots)
            slot.Dispose();
        _slots.Clear();
        _batches.Dispose();
    }

    private void Work()
    {
        Runtime.UseThreadsHere(_split.Teacher);
        while (WaitForRoom())
            Advance();
    }

    private bool WaitForRoom()
    {
        lock (_gate)
        {
            while (!_stopped && !_ended && _slots.Count >= _ahead)
                Monitor.Wait(_gate);
            return !_stopped && !_ended;
        }
    }

    /// <summary>Fetches one batch and answers it.</summary>
    private void Advance()
    {
        if (Claim() is not { } slot)
            return;
        slot.Answer(_teacher, _asks);
        lock (_gate)
        {
            slot.IsDone = true;
            Monitor.PulseAll(_gate);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the batch is taken.")]
    private Slot? Claim()
    {
        lock (_source)
        {
            var slot = new Slot();
            try
            {
                slot.Batch = !IsOver() && _batches.MoveNext() ? _batches.Current : null;
            }
            catch (Exception error)
            {
                slot.Fault = ExceptionDispatchInfo.Capture(error);
            }

            lock (_gate)
            {
                _ended |= slot.Batch is null;
                if (slot.Batch is not null || slot.Fault is not null)
                    _slots.Enqueue(slot);
                Monitor.PulseAll(_gate);
            }

            return slot.Batch is null && slot.Fault is null ? null : slot;
        }
    }

    private bool IsOver()
    {
        lock (_gate)
            return _ended || _stopped;
    }

    private sealed class Slot : IDisposable
    {
        private TeacherSignal? _answer;

        public Batch? Batch { get; set; }

        public ExceptionDispatchInfo? Fault { get; set; }

        public bool IsDone { get; set; } // guarded by the gate

        [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again where the batch is taken.")]
        public void Answer(ITeacher teacher, Func<Batch, bool> asks)
        {
            try
            {
                if (Batch is null || !asks(Batch))
                    return;
                using var scope = TensorScope.Open();
                var answer = teacher.Answer(Batch);
                foreach (var tensor in answer.Tensors)
                    TensorScope.Own(tensor);
                _answer = answer;
            }
            catch (Exception error)
            {
                Fault = ExceptionDispatchInfo.Capture(error);
            }
        }

        public TaughtBatch ToTaughtBatch()
        {
            if (Fault is null)
                return new TaughtBatch(Batch!, _answer);
            Dispose();
            Fault.Throw();
            throw new InvalidOperationException("unreachable");
        }

        public void Dispose()
        {
            if (Batch is not null)
                new TaughtBatch(Batch, _answer).Dispose();
        }
    }
}
