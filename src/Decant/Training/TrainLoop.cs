using System.Diagnostics;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;
using Decant.Training.Checkpoints;

namespace Decant.Training;

/// <summary>Trains a student: batch → teacher's answer → student's answer → objectives → one division → gradients → update.</summary>
/// <remarks>It knows teachers and objectives by their interfaces only.</remarks>
internal sealed partial class TrainLoop : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly ITrainingObserver _observer;
    private readonly CheckpointWriter? _checkpoints;
    private readonly Tensor[] _parameters;
    private readonly Device _device;
    private readonly NamedObjective[] _objectives;
    private readonly BestWeights _best;
    private readonly PrefetchPolicy _pace;
    private readonly FiniteCheck _losses;
    private readonly CarriedState? _carried;
    private readonly DistillationStep _teaching;
    private readonly Stopwatch _clock = new();
    private TrainingPosition _position = new();

    /// <summary>A loop over a plan.</summary>
    /// <param name="plan">What to train, and how.</param>
    /// <param name="observer">Gets reports of what happens; null: none.</param>
    /// <param name="checkpoints">Writes checkpoints while the loop runs; null: none are written. Stays the caller's.</param>
    /// <exception cref="DecantException">The plan does not hold together: all its faults at once.</exception>
    public TrainLoop(TrainingPlan plan, ITrainingObserver? observer = null, CheckpointWriter? checkpoints = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PlanChecks.Check(plan);
        plan.Schedule.Span(plan.Updates);
        (_plan, _observer, _checkpoints) = (plan, observer ?? new NoObserver(), checkpoints);
        _parameters = [.. plan.Optimizer.Groups.SelectMany(g => g.Parameters)];
        _device = _parameters[0].Device;
        _objectives = NamedObjective.From(plan.Objectives);
        _best = new BestWeights(plan.Student);
        _carried = plan.CarriesState ? new CarriedState() : null;
        _teaching = new DistillationStep(plan, _objectives, _carried, _device);
        _losses = new FiniteCheck(plan.ReadEvery ?? (_device.Kind == DeviceKind.Cpu ? 1 : FiniteCheck.StepsOnDevice));
        _pace = new PrefetchPolicy(plan.Cores is { IsOverlapped: false, Total: > 1 and var cores } && cores >= Environment.ProcessorCount);
    }

    /// <summary>Updates per epoch.</summary>
    public static long StepsPerEpoch(IBatchSource batches, int accumulate) => (batches.BatchesPerEpoch + accumulate - 1) / accumulate;

    /// <summary>Trains to the end, or from a snapshot to the end. Afterwards the student is in evaluation mode and has its best weights.</summary>
    /// <param name="from">The position to resume from; null: this loop's own, at first the start.</param>
    /// <param name="cancellationToken">
    /// Stops after the current update (a validation is broken off, and done again when the run is resumed); the student then keeps the weights of that update,
    /// and <see cref="Capture"/> gives the rest.
    /// </param>
    /// <exception cref="DivergedException">Something was not finite; the student has its best weights so far.</exception>
    /// <exception cref="DecantException">The snapshot is of another model, optimizer, schedule, objective or device; nothing was trained.</exception>
    public TrainingResult Run(TrainingSnapshot? from = null, CancellationToken cancellationToken = default)
    {
        if (from is not null)
            Restore(from);
        if (_best.Weights.Count == 0)
            _best.Snapshot();
        _clock.Start();
        var reason = Finished();
        using var cores = _plan.Cores?.Take();
        try
        {
            while (reason is null)
                reason = RunEpoch(cancellationToken);
            if (reason != StopReason.Interrupted && _position.BestScore is not null)
                _best.Restore();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            reason = StopReason.Interrupted;
        }
        catch (DivergedException)
        {
            _best.Restore();
            throw;
        }
        finally
        {
            _clock.Stop();
            _plan.Student.Eval();
        }

        return new TrainingResult(_position.Step, _position.BestScore is null ? _position.Step : _position.BestStep, _position.BestScores, Elapsed, reason.Value);
    }

    /// <summary>Everything that decides the rest of this training, as copies. May be called by the observer too, while the loop runs.</summary>
    public TrainingSnapshot Capture()
    {
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        _losses.Check(); // what is not finite is not worth keeping
        return SnapshotState.Capture(_plan, _objectives, _best, _carried, _position with { Seconds = Elapsed.TotalSeconds });
    }

    /// <summary>Takes a batch through both models and every objective, in evaluation mode; nothing is trained.</summary>
    /// <exception cref="DecantException">Something does not fit the batch.</exception>
    public void DryRun(Batch batch) => _teaching.DryRun(batch);

    /// <summary>Releases the copy of the best weights. Student, teacher, optimizer and objectives stay the caller's.</summary>
    public void Dispose()
    {
        _best.Dispose();
        _carried?.Dispose();
        _teaching.Dispose();
        _losses.Dispose();
    }

    /// <summary>The position of the loop: the epoch and the updates made.</summary>
    internal (int Epoch, long Step) At => (_position.Epoch, _position.Step);

    private TimeSpan Elapsed => _clock.Elapsed + TimeSpan.FromSeconds(_position.Seconds);

    private double Progress => Math.Min(1, (double)_position.Step / Math.Max(1, _plan.Schedule.TotalSteps - 1));

    private bool HasAllSteps => _position.Step >= _plan.Steps;

    private StopReason? Finished()
    {
        if (_position.Epoch >= _plan.Epochs)
            return StopReason.Completed;
        return _position.Waited >= _plan.Patience ? StopReason.EarlyStopping : null;
    }

    private StopReason? RunEpoch(CancellationToken cancellationToken)
    {
        // A snapshot of before a validation that was due comes to it first.
        if (IsValidationDue && ValidateWithinEpoch(cancellationToken) is { } stopped)
            return stopped;
        ToTraining();
        foreach (var window in Windows(cancellationToken))
        {
            var report = Update(window);
            _plan.Masks?.AfterUpdate(_position.Step + 1, _plan.Updates);
            _plan.Following?.AfterUpdate();
            _plan.AfterUpdate?.Invoke(_position.Step + 1, _plan.Updates);
            _position = _position with { Step = _position.Step + 1, Batch = _position.Batch + window.Count };
            if (report is null)
                _observer.OnEmptyBatch(_position.Step);
            else
                Report(report);
            if (cancellationToken.IsCancellationRequested)
                return StopReason.Interrupted;
            if (IsValidationDue)
            {
                Release(window);
                if (ValidateWithinEpoch(cancellationToken) is { } reason)
                    return reason;
                ToTraining();
            }

            _checkpoints?.After(this);
        }

        CheckWeights();
        EndEpoch(cancellationToken);
        return Finished() ?? (cancellationToken.IsCancellationRequested ? StopReason.Interrupted : null);
    }

    private void ToTraining()
    {
        _plan.Student.Train();
        foreach (var part in _plan.FrozenModules)
            part.Eval();
    }

    /// <summary>The rest of the epoch, as many batches at a time as make one update. They are released when the next are requested, or when the loop is left.</summary>
    private IEnumerable<List<TaughtBatch>> Windows(CancellationToken cancellationToken)
    {
        var window = new List<TaughtBatch>(_plan.Accumulate);
        try
        {
            if (HasAllSteps)
                yield break;
            var batches = _pace.Enumerate(_plan.Batches, _position.Epoch, _position.Batch, cancellationToken).Select(batch => batch.MoveTo(_device));
            foreach (var taught in _teaching.TaughtBatches(batches))
            {
                window.Add(taught);
                if (window.Count < _plan.Accumulate)
                    continue;
                Write(window, cancellationToken);
                yield return window;
                Release(window);
                if (HasAllSteps)
                    yield break;
            }

            if (window.Count > 0)
            {
                Write(window, cancellationToken);
                yield return window;
            }
        }
        finally
        {
            Release(window);
        }
    }

    /// <summary>Has texts written in the place of batches, with the weights that are to be updated.</summary>
    private void Write(List<TaughtBatch> window, CancellationToken cancellationToken)
    {
        if (_plan.Rollouts is not { } rollouts)
            return;
        for (var i = 0; i < window.Count; i++)
            window[i] = rollouts.Replace(window[i], new(_position.Step, i, Progress), cancellationToken);
        ToTraining();
    }

    /// <returns>Null when every objective had count 0 and nothing was changed.</returns>
    private StepReport? Update(List<TaughtBatch> window)
    {
        using var scope = TensorScope.Open();
        var loss = new UpdateLoss(Array.ConvertAll(_objectives, o => o.Begin(Progress)), window);
        if (loss.IsEmpty)
            return null;

        using var gradients = new Gradients(_parameters);
        foreach (var taught in window)
        {
            using var inner = TensorScope.Open();
            var batch = taught.Batch;
            if (loss.Of(batch) is not { Length: > 0 } objectives)
                continue;
            var teacher = Array.Exists(objectives, o => o.NeedsTeacher) ? taught.AnswerOf(_plan.Teacher) : null;
            using var layers = _teaching.RecomputeLayers();
            var share = _teaching.Share(loss, objectives, teacher, batch, inner);
            if (!share.RequiresGrad)
                throw DependsOnNothing(objectives);
            Gradients.Add(share);
            _carried?.After(teacher);
            _plan.Rollouts?.Learned(batch, teacher);
        }

        var reading = loss.Reading();
        try
        {
            return Apply(gradients, reading, window);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    private StepReport Apply(Gradients gradients, LossReading reading, List<TaughtBatch> window)
    {
        var step = _position.Step + 1;
        var learningRate = _plan.PeakLearningRate * _plan.Schedule.FactorAt(_position.Step);
        string? Cause() => NonFiniteCause.Of(_plan, window, reading, isFirst: _position.Step == 0);
        _plan.Masks?.MaskGradients();
        if (_plan.L1 > 0)
            gradients.AddL1(_plan.L1);
        if (_plan.ClipNorm is not null)
            reading.Take(gradients.Norm());
        _losses.Watch(reading, step, learningRate, Cause);
        if (_plan.ClipNorm is { } limit)
            gradients.Clip(limit, reading);
        _plan.Optimizer.Step(gradients.All, learningRate);
        return new StepReport(reading)
        {
            Step = step,
            TotalSteps = _plan.Schedule.TotalSteps,
            Epoch = _position.Epoch + 1,
            LearningRate = learningRate,
            Written = _plan.Rollouts?.Figures ?? new Dictionary<string, double>(),
            Samples = window.Sum(l => l.Batch.Size),
            Elapsed = Elapsed,
        };
    }

    private static DecantException DependsOnNothing(NamedObjective[] objectives) => new(
        $"The loss of {string.Join(" + ", objectives.Select(o => o.Name))} depends on nothing that is trained, so there is no gradient to learn from: "
        + "train the part of the student that it reads, or give an objective that reads a trained part, such as labels.");

    private void Report(StepReport report)
    {
        try
        {
            _observer.OnStep(report);
        }
        finally
        {
            report.Forget();
        }
    }

    private void Restore(TrainingSnapshot from)
    {
        SnapshotState.Restore(from, _plan, _objectives, _best, _carried);
        _position = from.Position;
        _clock.Reset();
    }

    private static void Release(List<TaughtBatch> window)
    {
        foreach (var taught in window)
            taught.Dispose();
        window.Clear();
    }
}
