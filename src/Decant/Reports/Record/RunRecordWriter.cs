using System.Text.Json;

namespace Decant.Reports;

/// <summary>Writes <c>record.jsonl</c> while the run goes: one event per line, appended, never changed.</summary>
/// <remarks>
/// Every event reaches the operating system at once, so a killed run loses nothing but a step's line; steps, which come often, are flushed at
/// most once a second. A file that ends in a cut line (a machine that lost power) gets a line break first, so that only that line is lost.
/// Safe to call from several threads, and to read the file meanwhile.
/// </remarks>
public sealed class RunRecordWriter : IDisposable
{
    private static readonly TimeSpan StepFlush = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private long _flushed;

    /// <summary>Opens the record, appending to what is there.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="clock">The clock that dates the events; the system's when null.</param>
    /// <exception cref="DecantException">The file cannot be written.</exception>
    public RunRecordWriter(string path, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _flushed = _clock.GetTimestamp();
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            MendCutLine(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new DecantException($"Cannot write the run's record {path}: {e.Message} Choose another folder with --out.", ExitCodes.Machine, e);
        }
    }

    /// <summary>Writes one event, dated now.</summary>
    /// <exception cref="DecantException">The disk is full or gone.</exception>
    public void Append(RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var line = JsonSerializer.SerializeToUtf8Bytes(happened with { Time = _clock.GetUtcNow() }, RecordLine.Event);
        lock (_lock)
            Write([.. line, (byte)'\n'], isStep: happened is StepTaken);
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
            _file.Dispose();
    }

    private void Write(byte[] line, bool isStep)
    {
        try
        {
            _file.Write(line);
            if (isStep && _clock.GetElapsedTime(_flushed) < StepFlush)
                return;
            _file.Flush();
            _flushed = _clock.GetTimestamp();
        }
        catch (IOException e)
        {
            throw new DecantException($"Cannot write the run's record {_file.Name}: {e.Message} Make room on the disk and resume the run.", ExitCodes.Machine, e);
        }
    }

    private static void MendCutLine(FileStream file)
    {
        if (file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
    }
}
