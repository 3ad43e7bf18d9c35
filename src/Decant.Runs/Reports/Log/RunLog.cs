using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.TensorBoard;

namespace Decant.Runs.Reports.Log;

/// <summary>Everything that happens in a run: to the record, to TensorBoard, and to the progress handler.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly RunRecordWriter _record;
    private readonly string? _task;
    private readonly RunLog? _whole;
    private readonly IProgress<RunEvent>? _progress;
    private TensorBoardLog? _tensorBoard;

    public RunLog(RunFolder folder, IProgress<RunEvent>? progress)
    {
        _record = new RunRecordWriter(folder.Record);
        _tensorBoard = new TensorBoardLog(folder.TensorBoardRoot);
        _progress = progress;
    }

    private RunLog(RunLog whole, string task) => (_record, _whole, _task) = (whole._record, whole, task);

    /// <summary>This log for what is about one task of several: the same record, every event with the task's name. Not to be disposed by itself.</summary>
    /// <param name="task">The task; null: this log itself.</param>
    public RunLog For(string? task) => task is null ? this : new RunLog(_whole ?? this, task);

    /// <summary>The bytes of the record so far.</summary>
    public long Length => _record.Length;

    /// <summary>Records an event and shows it.</summary>
    /// <exception cref="DecantException">The record cannot be written: the run cannot go on without it.</exception>
    public void Write(RunEvent happened)
    {
        if (_whole is not null)
        {
            _whole.Write(happened with { TaskName = _task });
            return;
        }

        happened = _record.Append(happened);
        Draw(happened);
        Show(happened);
    }

    /// <summary>Shows an event without recording it: steps between the recorded ones.</summary>
    public void Show(RunEvent happened)
    {
        if (_whole is not null)
            _whole.Show(happened with { TaskName = _task });
        else
            _progress?.Report(happened);
    }

    public void Note(string text) => Write(new RunNote { Text = text });

    /// <summary>Replays what the record has already: to TensorBoard all of it, to the progress handler what began and ended.</summary>
    public void Replay(IEnumerable<RunEvent> recorded)
    {
        foreach (var happened in recorded)
        {
            Draw(happened);
            if (happened is not StepTaken)
                Show(happened);
        }
    }

    /// <summary>Waits until the record is on the disk. May be called from another thread.</summary>
    public void FlushToDisk() => _record.FlushToDisk();

    public void Dispose()
    {
        _record.Dispose();
        _tensorBoard?.Dispose();
    }

    private void Draw(RunEvent happened)
    {
        try
        {
            _tensorBoard?.Write(happened);
        }
        catch (DecantException fault)
        {
            // The record has the same figures, so the run need not end for want of these.
            _tensorBoard?.Dispose();
            _tensorBoard = null;
            Note($"{fault.Message} The run continues without TensorBoard events; resuming it writes them again from the record.");
        }
    }
}
