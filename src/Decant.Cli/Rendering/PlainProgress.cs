using Decant.Runs.Reports.Record;

namespace Decant.Cli.Rendering;

/// <summary>A run as lines of a log: what begins and ends at once, steps now and then.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="clock">The clock.</param>
internal sealed class PlainProgress(TextWriter output, TimeProvider clock) : IProgress<RunEvent>
{
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromSeconds(10);
    private const double SoonestEnd = 1; // seconds: what took less is no news
    private readonly Lock _lock = new();
    private ArmProgress? _arm;
    private bool _shownAnswers;
    private DownloadWords? _download;
    private long _lastStep = clock.GetTimestamp();

    public void Report(RunEvent value)
    {
        lock (_lock)
        {
            if (_arm is { } arm && arm.Is(value)) arm.Take(value);
            if (Line(value) is not { } line) return;
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string? Line(RunEvent happened)
    {
        switch (happened)
        {
            case RunStarted run: return ProgressWords.Started(run);
            case DataDescribed data: return ProgressWords.Data(data);
            case ModelDescribed model: return ProgressWords.Model(model);
            case ArmStarted started:
                _arm = new ArmProgress(started, clock);
                _lastStep = clock.GetTimestamp();
                return ProgressWords.Begin(started);
            case ModelDownload download: return Download(download);
            case StepTaken step: return Step(step);
            case AnswersAsked asked: return Answers(asked);
            case Validated validated: return ProgressWords.Validation(validated);
            case ArmFinished finished: return ProgressWords.End(finished);
            case Evaluated evaluated: return ProgressWords.Evaluation(evaluated);
            case TextsMeasured texts: return ProgressWords.Texts(texts);
            case Resumed resumed: return ProgressWords.Resumed(resumed);
            case RunNote note: return $"{ProgressWords.Of(note)}note: {note.Text}";
            default: return null;
        }
    }

    /// <summary>A line when bytes begin to come, its progress now and then, why it waits, and its end; nothing where all was here.</summary>
    private string? Download(ModelDownload at)
    {
        var isFirst = _download is null && at.Received > 0;
        if (isFirst) (_download, _lastStep) = (new DownloadWords(clock), clock.GetTimestamp());
        _download?.See(at);
        if (at.IsComplete)
        {
            var end = at.Received > 0 ? _download?.End(at) : null;
            _download = null;
            return end;
        }

        if (isFirst) return $"{at.Source}: {DownloadWords.Bytes(at.Total)} to download";
        if (at.Waiting is { } why) return why.StartsWith("asking ", StringComparison.Ordinal) ? null : $"{at.Source}: {why}";
        if (_download is null || clock.GetElapsedTime(_lastStep) < BetweenSteps) return null;
        _lastStep = clock.GetTimestamp();
        return $"{at.Source}: {_download.Pace(at)}";
    }

    /// <summary>A line for its beginning, where no progress comes in between, one for its end, and its progress now and then.</summary>
    private string? Answers(AnswersAsked asked)
    {
        var isShown = asked.IsComplete ? asked.Seconds >= SoonestEnd || _shownAnswers : asked.Arm.Length == 0 && asked.Samples == 0;
        if (!isShown && (asked.IsComplete || clock.GetElapsedTime(_lastStep) < BetweenSteps)) return null;
        _shownAnswers = !asked.IsComplete;
        _lastStep = clock.GetTimestamp();
        return ProgressWords.Answers(asked);
    }

    private string? Step(StepTaken step)
    {
        if (_arm is not { } arm || !arm.Is(step) || clock.GetElapsedTime(_lastStep) < BetweenSteps) return null;
        _lastStep = clock.GetTimestamp();
        return ProgressWords.Step(arm, step);
    }
}
