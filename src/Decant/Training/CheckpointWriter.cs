using Decant.Training.Checkpoints;

namespace Decant.Training;

/// <summary>Writes checkpoints while a training runs, when they are due, on a thread of its own: the training waits for the copy of its state alone.</summary>
/// <remarks>
/// One is written at a time; while one is, none is taken. A fault is passed to <see cref="OnFault"/> on the training's thread, the former checkpoint stays, and
/// the next time is tried again. Hand it to <see cref="TrainLoop"/>, and dispose it after the training.
/// </remarks>
/// <example><code>
/// var store = new CheckpointStore("checkpoints");
/// using var found = store.Newest().Found;                                       // null the first time
/// using var checkpoints = new Checkpoints(store, new CheckpointOptions { EverySeconds = 60 });
/// using var loop = new TrainLoop(plan, observer, checkpoints);
/// var result = loop.Run(found?.Snapshot, cancellationToken);
/// if (result.Reason == StopReason.Interrupted) checkpoints.Write(loop);
/// </code></example>
/// <param name="store">Where to.</param>
/// <param name="options">When; null: every five minutes.</param>
/// <param name="clock">The clock; the system's when null.</param>
internal sealed class CheckpointWriter(CheckpointStore store, CheckpointOptions? options = null, TimeProvider? clock = null) : IDisposable
{
    private readonly CheckpointOptions _options = options ?? new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private (Task<string> Work, (int, long) At)? _writing;
    private (string Path, (int, long) At)? _last;
    private long _since = (clock ?? TimeProvider.System).GetTimestamp();
    private long _steps;

    /// <summary>What is to come back with a checkpoint; asked on the training's thread when its state is copied.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Attach { get; init; }

    /// <summary>Done before a checkpoint is written, on the writing thread: what it refers to must be on the disk before it is.</summary>
    public Action? Before { get; init; }

    /// <summary>Gets the fault of a checkpoint that could not be written; null: it is thrown at the training's next update.</summary>
    public Action<DecantException>? OnFault { get; init; }

    /// <summary>Writes a checkpoint of now and waits for it; what is being written is finished first. When that was of now already, nothing more is written.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="DecantException">It cannot be written; the former ones are as they were.</exception>
    public string Write(TrainLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Wait();
        if (_last is { } last && last.At == loop.At)
            return last.Path;
        Begin(loop);
        var (work, at) = _writing!.Value;
        _writing = null;
        _last = (work.GetAwaiter().GetResult(), at);
        return _last.Value.Path;
    }

    /// <summary>Waits until nothing is being written.</summary>
    public void Wait()
    {
        if (_writing is { } writing)
        {
            ((IAsyncResult)writing.Work).AsyncWaitHandle.WaitOne();
            Collect();
        }
    }

    /// <summary>Waits for what is being written; a fault of that is lost, since the training is over.</summary>
    public void Dispose()
    {
        if (_writing is { } writing)
            ((IAsyncResult)writing.Work).AsyncWaitHandle.WaitOne();
        _writing = null;
    }

    /// <summary>Asked by the loop after each update.</summary>
    internal void After(TrainLoop loop)
    {
        _steps++;
        if (_writing is { Work.IsCompleted: true })
            Collect();
        if (_writing is null && IsDue)
            Begin(loop);
    }

    private bool IsDue => _steps >= _options.EverySteps || _clock.GetElapsedTime(_since).TotalSeconds >= _options.EverySeconds;

    private void Begin(TrainLoop loop)
    {
        var snapshot = loop.Capture();
        var attached = Attach?.Invoke();
        (_steps, _since) = (0, _clock.GetTimestamp());
        // Without the training's flow of control: its tensor scopes end while this writes.
        using var apart = ExecutionContext.SuppressFlow();
        _writing = (Task.Factory.StartNew(() => Write(snapshot, attached), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), loop.At);
    }

    private string Write(TrainingSnapshot snapshot, IReadOnlyDictionary<string, string>? attached)
    {
        using (snapshot)
        {
            Before?.Invoke();
            return store.Write(snapshot, attached);
        }
    }

    private void Collect()
    {
        var (work, at) = _writing!.Value;
        _writing = null;
        try
        {
            _last = (work.GetAwaiter().GetResult(), at);
        }
        catch (DecantException fault) when (OnFault is not null)
        {
            OnFault(fault);
        }
    }
}
