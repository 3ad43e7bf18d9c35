using System.Text.Json;
using Decant.Files;

namespace Decant.Runs.Reports.Record;

/// <summary>Writes <c>record.jsonl</c> while the run goes: one event per line, appended, never changed.</summary>
/// <remarks>
/// Every event reaches the operating system at once, so a killed run loses nothing but a step's line; steps, which come often, are flushed at
/// most once a second. A file that ends in a cut line (a machine that lost power) gets a line break first, so that only that line is lost.
/// Safe to call from several threads, and to read the file meanwhile.
/// </remarks>
internal sealed class RunRecordWriter : IDisposable
{
    private static readonly TimeSpan StepFlush = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private long _flushed;
    private bool _failed;

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
            RegularFile.Require(path);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            EndCutLine(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new DecantException($"Cannot write the run's record {path}: {e.Message} Choose another folder with --out.", ExitCodes.Machine, e);
        }
    }

    /// <summary>Writes one event, dated now unless it has a date already.</summary>
    /// <exception cref="DecantException">The disk is full or gone.</exception>
    /// <returns>The event with its date.</returns>
    public RunEvent Append(RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var dated = happened.Time == default ? happened with { Time = _clock.GetUtcNow() } : happened;
        var line = JsonSerializer.SerializeToUtf8Bytes(dated, RecordLine.Event);
        lock (_lock)
            Write([.. line, (byte)'\n'], isStep: happened is StepTaken);
        return dated;
    }

    /// <summary>How many bytes the record has now, all of them with the operating system: what <see cref="Cut"/> takes it back to.</summary>
    /// <exception cref="DecantException">The disk is full or gone.</exception>
    public long Length
    {
        get
        {
            lock (_lock)
            {
                Try(() => _file.Flush());
                return _file.Length;
            }
        }
    }

    /// <summary>Waits until all that was written so far is on the disk itself. Others may append meanwhile.</summary>
    /// <exception cref="DecantException">The disk is full or gone.</exception>
    public void FlushToDisk()
    {
        Microsoft.Win32.SafeHandles.SafeFileHandle handle;
        lock (_lock)
        {
            Try(() => _file.Flush());
            handle = _file.SafeFileHandle; // asking for it flushes too, so it stands under the lock
        }

        Try(() => RandomAccess.FlushToDisk(handle));
    }

    /// <summary>Takes a record back to a length that it had before: what a killed run recorded after its checkpoint happens again.</summary>
    /// <param name="path">The record, which no process writes now.</param>
    /// <param name="length">As <see cref="Length"/> gave it.</param>
    /// <exception cref="DecantException">The record is shorter, was changed, or cannot be written.</exception>
    public static void Cut(string path, long length)
    {
        try
        {
            RegularFile.Require(path);
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            if (file.Length < length)
                throw new DecantException($"The run's record {path} has {file.Length} bytes, and had {length} when the run was stopped: it was cut or replaced. Put the run's own record back.");
            file.Seek(Math.Max(0, length - 1), SeekOrigin.Begin);
            if (length > 0 && file.ReadByte() != '\n')
                throw new DecantException($"The run's record {path} was changed since the run wrote it: no event ends at byte {length}. Put the run's own record back.");
            file.SetLength(length);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"Cannot write the run's record {path}: {e.Message}", ExitCodes.Machine, e);
        }
    }

    /// <summary>Flushes and closes the file.</summary>
    /// <exception cref="DecantException">The disk is full or gone, and nothing has said so before.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            try
            {
                _file.Dispose();
            }
            catch (IOException e)
            {
                if (!_failed)
                    throw Fault(e);
            }
        }
    }

    private void Write(byte[] line, bool isStep) => Try(() =>
    {
        _file.Write(line);
        if (isStep && _clock.GetElapsedTime(_flushed) < StepFlush)
            return;
        _file.Flush();
        _flushed = _clock.GetTimestamp();
    });

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            _failed = true;
            throw Fault(e);
        }
    }

    private DecantException Fault(IOException e) =>
        new($"Cannot write the run's record {_file.Name}: {e.Message} Make room on the disk and resume the run.", ExitCodes.Machine, e);

    private static void EndCutLine(FileStream file)
    {
        if (file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
    }
}
