using Decant.Reports;

namespace Decant.Jobs;

/// <summary>Everything that happens in a run: to the record, to TensorBoard, and to whoever watches.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly RunRecordWriter _record;
    private readonly TensorBoardLog _tensorBoard;
    private readonly IProgress<RunEvent>? _progress;

    public RunLog(RunFolder folder, IProgress<RunEvent>? progress)
    {
        _record = new RunRecordWriter(folder.Record);
        _tensorBoard = new TensorBoardLog(folder.TensorBoardRoot);
        _progress = progress;
    }

    /// <summary>Records an event and shows it.</summary>
    public void Write(RunEvent happened)
    {
        _record.Append(happened);
        _tensorBoard.Write(happened);
        Show(happened);
    }

    /// <summary>Shows an event without recording it: steps between the recorded ones.</summary>
    public void Show(RunEvent happened) => _progress?.Report(happened);

    public void Note(string text) => Write(new Noted { Text = text });

    public void Dispose()
    {
        _record.Dispose();
        _tensorBoard.Dispose();
    }
}
