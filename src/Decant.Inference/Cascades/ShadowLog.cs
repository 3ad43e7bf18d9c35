using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Decant.Inference.Cascades;

/// <summary>Keeps a share of requests as JSON lines in a folder. Nothing that fails here reaches a request: what could not be kept is counted. Safe to use from several threads.</summary>
/// <remarks>
/// Files are named <c>shadow-DAY-ID-N.jsonl</c> with an id of the process's log, so that several processes may share a folder; each line is written at once, behind the others. A file ends with its day, or when it
/// has an eighth of the bytes allowed. At most 1,000 rows wait to be written; others are dropped.
/// </remarks>
public sealed class ShadowLog : IAsyncDisposable
{
    private const int MostWaiting = 1_000;
    private const int Files = 8;

    private readonly ShadowOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _drawing = new();
    private readonly Channel<ShadowRow> _rows;
    private readonly Task _writing;
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private FileStream? _file;
    private string _day = "";
    private int _number;
    private long _kept;
    private long _dropped;

    /// <summary>Opens the folder.</summary>
    /// <param name="options">Where, how many, how long.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="random">Draws the requests; null: with a seed of its own.</param>
    /// <exception cref="DecantException">An option is out of range, or the folder cannot be made.</exception>
    public ShadowLog(ShadowOptions options, TimeProvider? time = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time, _random) = (options.Checked(), time ?? TimeProvider.System, random ?? new Random());
        try
        {
            Directory.CreateDirectory(options.Folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{options.Folder}: the folder for kept requests cannot be made: {fault.Message} Name another.", inner: fault);
        }

        _rows = Channel.CreateBounded<ShadowRow>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Rows written.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Rows that could not be kept: too many waited, the disk failed, the redaction or the teacher threw.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The last fault; null: there was none.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Whether this request is one of those that are kept.</summary>
    public bool Draw()
    {
        lock (_drawing)
            return _random.NextDouble() < _options.Share;
    }

    /// <summary>Keeps a row, soon.</summary>
    public void Keep(ShadowRow row)
    {
        if (!_rows.Writer.TryWrite(row))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _rows.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    /// <summary>Counts a row that could not be kept.</summary>
    internal void Count(Exception fault)
    {
        LastFault = fault;
        Interlocked.Increment(ref _dropped);
    }

    private async Task WriteAllAsync()
    {
        await foreach (var row in _rows.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Write(row with { Text = _options.Redact(row.Text) });
                Interlocked.Increment(ref _kept);
            }
            catch (Exception fault)
            {
                // a redaction may throw anything, and requests go on
                Count(fault);
                Close();
            }
        }

        Close();
    }

    private void Write(ShadowRow row)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(row, ShadowJson.Default.ShadowRow), (byte)'\n'];
        if (line.Length > _options.Bytes / Files)
            throw new DecantException($"A row of {line.Length} bytes is more than an eighth of the {_options.Bytes} that may be kept.");
        var day = _time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        if (_file is null || day != _day || _file.Length + line.Length > _options.Bytes / Files)
            Next(day);
        _file!.Write(line);
    }

    private void Next(string day)
    {
        Close();
        // Room for the whole new file is made before it begins.
        ShadowFiles.Clear(_options.Folder, _time.GetUtcNow().AddDays(-_options.Days), _options.Bytes - (_options.Bytes / Files));
        _day = day;
        _file = new FileStream(Path.Combine(_options.Folder, $"{ShadowFiles.Prefix}{day}-{_id}-{++_number:D4}.jsonl"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
