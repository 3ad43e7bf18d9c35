using System.Globalization;

namespace Decant.Runs.Reports.TensorBoard;

/// <summary>Writes scalars to one TensorBoard event file; every scalar reaches the operating system at once.</summary>
internal sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _clock;

    /// <summary>Begins a new event file.</summary>
    /// <param name="folder">TensorBoard shows each folder as a run of its own; made if need be.</param>
    /// <param name="clock">The clock that dates the scalars; the system's when null.</param>
    public TensorBoardWriter(string folder, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        try
        {
            Directory.CreateDirectory(folder);
            _file = Create(folder, _clock.GetUtcNow().ToUnixTimeSeconds());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"Cannot write TensorBoard events to {folder}: {e.Message} Choose another folder with --out.", ExitCodes.Machine, e);
        }
        Write(Event(null).String(3, "brain.Event:2")); // Event.file_version
    }

    /// <summary>Writes one scalar; it is stored in single precision.</summary>
    /// <param name="tag">Its name; what stands before the first slash groups the charts.</param>
    /// <param name="value">Its value.</param>
    /// <param name="step">The optimizer step it belongs to.</param>
    /// <param name="time">When it was; null: now.</param>
    /// <exception cref="DecantException">The disk is full or gone; the file may end in half a scalar, which TensorBoard leaves out.</exception>
    public void Scalar(string tag, double value, long step, DateTimeOffset? time = null)
    {
        var scalar = new ProtoWriter().String(1, tag).Float(2, (float)value); // Summary.Value.tag, .simple_value
        var summary = new ProtoWriter().Bytes(1, scalar.ToArray());           // Summary.value
        Write(Event(time).Int64(2, step).Bytes(5, summary.ToArray()));        // Event.step, Event.summary
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private ProtoWriter Event(DateTimeOffset? time) => new ProtoWriter().Double(1, (time ?? _clock.GetUtcNow()).ToUnixTimeMilliseconds() / 1000.0); // Event.wall_time

    private void Write(ProtoWriter content)
    {
        try
        {
            _file.Write(TfRecord.Frame(content.ToArray()));
        }
        catch (IOException e)
        {
            throw new DecantException($"Cannot write TensorBoard events to {_file.Name}: {e.Message}", ExitCodes.Machine, e);
        }
    }

    /// <summary>A name that no earlier part of a resumed run has; TensorBoard reads a folder's files in the order of their names.</summary>
    private static FileStream Create(string folder, long seconds)
    {
        for (; ; seconds++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.decant"));
            if (!File.Exists(path))
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
    }
}
