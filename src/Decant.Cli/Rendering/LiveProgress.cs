using Decant.Runs.Reports.Record;
using Spectre.Console;
using Spectre.Console.Rendering;
using Markup = Spectre.Console.Markup;

namespace Decant.Cli.Rendering;

/// <summary>A run on a terminal: one line for each arm that is done, the running one with bar, losses and time to go.</summary>
/// <param name="console">The terminal.</param>
/// <param name="clock">The clock.</param>
/// <param name="isFetch">Whether a model is fetched and nothing else done; false: data is read at first.</param>
internal sealed class LiveProgress(IAnsiConsole console, TimeProvider clock, bool isFetch = false) : IProgress<RunEvent>
{
    private const int MostNotes = 4;
    private const int BarWidth = 24;
    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(120);
    private readonly Lock _lock = new();
    private readonly List<string> _head = [];
    private readonly List<ArmProgress> _arms = [];
    private readonly List<string> _notes = [];
    private AnswersAsked? _asked;
    private ModelDownload? _download;
    private DownloadWords? _downloadWords;
    private LiveDisplayContext? _display;
    private long _lastFrame;

    /// <summary>Does the work while the display stands; its last frame stays on the screen.</summary>
    public T Run<T>(Func<IProgress<RunEvent>, T> work) => console.Live(Frame())
        .Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top)
        .Start(display =>
        {
            lock (_lock) _display = display;
            try
            {
                return work(this);
            }
            finally
            {
                lock (_lock)
                {
                    Draw();
                    _display = null;
                }
            }
        });

    public void Report(RunEvent value)
    {
        lock (_lock)
        {
            Take(value);
            if (value is StepTaken or AnswersAsked { IsComplete: false, Samples: > 0 } or ModelDownload { IsComplete: false, Waiting: null } && clock.GetElapsedTime(_lastFrame) < BetweenFrames) return;
            Draw();
        }
    }

    /// <summary>A line for the user, below the arms.</summary>
    public void Note(string text)
    {
        lock (_lock)
        {
            _notes.Add(text);
            Draw();
        }
    }

    /// <summary>The display as it stands.</summary>
    public IRenderable Frame()
    {
        var lines = new List<IRenderable>();
        // Rows without a row cannot be drawn, and reading the data may take a while.
        if (_head.Count + _arms.Count + _notes.Count == 0 && _asked is null && _download is null && !isFetch) lines.Add(new StyledText("reading the data …"));
        lines.AddRange(_head.Select(h => new StyledText(h, new Style(decoration: Decoration.Dim)).Ellipsis()));
        foreach (var arm in _arms) lines.AddRange(Lines(arm));
        if (_asked is { } asked) lines.Add(new Markup($"[bold]▸ {Markup.Escape(ProgressWords.Subject(asked))}[/] {Bar(ProgressWords.Share(asked))} {Markup.Escape(ProgressWords.Pace(asked))}").Ellipsis());
        if (_download is { } at) lines.Add(new Markup($"[bold]▸ {Markup.Escape(at.Source)}[/] {Bar(DownloadWords.Share(at))} {Markup.Escape(_downloadWords!.Pace(at))}{(at.File.Length > 0 ? $" [dim]{Markup.Escape(at.File)}[/]" : "")}").Ellipsis());
        lines.AddRange(_notes.TakeLast(MostNotes).Select(n => new StyledText(n, new Style(Color.Yellow))));
        return new Rows(lines);
    }

    internal void Take(RunEvent happened)
    {
        switch (happened)
        {
            case RunStarted run: _head.Add(ProgressWords.Started(run)); break;
            case DataDescribed data: _head.Add(ProgressWords.Data(data)); break;
            case ModelDescribed model: _head.Add(ProgressWords.Model(model)); break;
            case ArmStarted started: _arms.Add(new ArmProgress(started, clock)); break;
            case Resumed resumed:
                _head.Add(ProgressWords.Resumed(resumed));
                _arms.FindLast(a => a.Is(resumed))?.Take(resumed);
                break;
            case ModelDownload download: Take(download); break;
            case AnswersAsked asked: _asked = asked.IsComplete ? null : asked; break;
            case RunNote note: _notes.Add(note.Text); break;
            default: _arms.FindLast(a => a.Is(happened))?.Take(happened); break;
        }
    }

    private void Take(ModelDownload download)
    {
        _downloadWords ??= new DownloadWords(clock);
        _downloadWords.See(download);
        _download = download.IsComplete ? null : download;
        if (!download.IsComplete) return;
        if (download.Received > 0) _head.Add(_downloadWords.End(download));
        _downloadWords = null;
    }

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(share * BarWidth);
        return $"[blue]{new string('━', filled)}[/][dim]{new string('─', BarWidth - filled)}[/]";
    }

    private void Draw()
    {
        if (_display is null) return;
        _lastFrame = clock.GetTimestamp();
        _display.UpdateTarget(Frame());
    }

    private static IEnumerable<IRenderable> Lines(ArmProgress arm)
    {
        if (arm.Finished is { } finished)
        {
            yield return new StyledText($"✓ {ProgressWords.End(finished)}", new Style(Color.Green)).Ellipsis();
            yield break;
        }

        var name = Markup.Escape(ProgressWords.Of(arm.Started) + ProgressWords.Name(arm.Started.Arm, arm.Started.Seed));
        var step = arm.Last is { } at ? $"{ProgressWords.Count(at.Step)}/{ProgressWords.Count(arm.Started.Steps)}" : "begins";
        yield return new Markup($"[bold]▸ {name}[/] {Bar(arm.Share)} {ProgressWords.Percent(arm.Share)}, {step}{ProgressWords.Left(arm.Remaining())}").Ellipsis();
        if (arm.Last is { } last) yield return new StyledText($"  {ProgressWords.Figures(last)}").Ellipsis();
        if (arm.Validation is { } validated) yield return new StyledText($"  validation {ProgressWords.Metrics(validated)}").Ellipsis();
    }
}
