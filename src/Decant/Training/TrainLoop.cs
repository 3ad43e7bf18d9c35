using System.Diagnostics;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Trains a student: batch → teacher's answer → student's answer → objectives → one division → gradients → update.</summary>
/// <remarks>It knows teachers and objectives by their interfaces only. Only here is a loss divided, once, by the count over the whole accumulated batch.</remarks>
public sealed class TrainLoop
{
    private readonly TrainingPlan _plan;
    private readonly ITrainingObserver _observer;
    private readonly Tensor[] _parameters;
    private readonly LossComputation _losses;
    private readonly BestWeights _best;
    private readonly Stopwatch _clock = new();
    private TrainingPosition _position = new();
    private double? _lastFinite;

    /// <summary>A loop over a plan.</summary>
    /// <param name="plan">What to train, and how.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <exception cref="DecantException">An objective needs a teacher and there is none, or what it needs is not offered.</exception>
    public TrainLoop(TrainingPlan plan, ITrainingObserver observer)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PlanChecks.Check(plan);
        (_plan, _observer) = (plan, observer);
        _parameters = [.. plan.Optimizer.Groups.SelectMany(g => g.Parameters)];
        _losses = new LossComputation(plan);
        _best = new BestWeights(plan.Student);
    }

    /// <summary>Updates per epoch.</summary>
    public static long StepsPerEpoch(IBatchSource batches, int accumulate) => (batches.BatchesPerEpoch + accumulate - 1) / accumulate;

    /// <summary>Trains to the end, or from a snapshot to the end. Afterwards the student is in evaluation mode and has its best weights.</summary>
    /// <param name="from">Where to go on; null: from the start.</param>
    /// <param name="cancellationToken">Stops after the current update; the student then keeps the weights of that update, and <see cref="Capture"/> gives the rest.</param>
    /// <exception cref="DivergedException">The loss was not finite; the student has its best weights so far.</exception>
    public TrainingResult Run(TrainingSnapshot? from = null, CancellationToken cancellationToken = default)
    {
        if (from is not null)
            Restore(from);
        _clock.Start();
        var reason = StopReason.Completed;
        try
        {
            while (_position.Epoch < _plan.Epochs && reason == StopReason.Completed)
                reason = RunEpoch(cancellationToken);
        }
        catch (DivergedException)
        {
            _best.PutBack();
            throw;
        }
        finally
        {
            _clock.Stop();
            _plan.Student.Eval();
        }

        if (reason != StopReason.Interrupted)
            _best.PutBack();
        var best = _best.Exists ? _position.BestStep : _position.Step;
        return new TrainingResult(_position.Step, best, _position.BestScores, Elapsed, reason);
    }

    /// <summary>Everything that decides the rest of this training, as copies.</summary>
    public TrainingSnapshot Capture()
    {
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        using var generator = Generator.Default();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in _plan.Student.StateDict())
            tensors["model." + name] = tensor.Detach().Clone();
        foreach (var (name, tensor) in _plan.Optimizer.State)
            tensors["optimizer." + name] = tensor.Clone();
        foreach (var (name, tensor) in _best.Weights)
            tensors["best." + name] = tensor.Clone();
        var position = _position with { Schedule = _plan.Schedule.SaveState(), Generator = generator.GetState(), Seconds = Elapsed.TotalSeconds };
        return new TrainingSnapshot(tensors, position);
    }

    private TimeSpan Elapsed => _clock.Elapsed + TimeSpan.FromSeconds(_position.Seconds);

    private StopReason RunEpoch(CancellationToken cancellationToken)
    {
        _plan.Student.Train();
        var window = new List<Batch>(_plan.Accumulate);
        try
        {
            foreach (var batch in _plan.Batches.Epoch(_position.Epoch, _position.Batch, CancellationToken.None))
            {
                window.Add(batch);
                if (window.Count < _plan.Accumulate && _position.Batch + window.Count < _plan.Batches.BatchesPerEpoch)
                    continue;
                Update(window);
                _position = _position with { Batch = _position.Batch + window.Count };
                Release(window);
                if (cancellationToken.IsCancellationRequested)
                    return StopReason.Interrupted;
            }
        }
        finally
        {
            Release(window);
        }

        _position = _position with { Epoch = _position.Epoch + 1, Batch = 0 };
        return Validate(cancellationToken);
    }

    private void Update(List<Batch> batches)
    {
        using var scope = TensorScope.Open();
        var step = _position.Step + 1;
        var counts = _losses.Counts(batches);
        var parts = new double[counts.Length];
        var gradients = new Gradients(_parameters);
        var learningRate = _plan.LearningRate * _plan.Schedule.FactorAt(_position.Step);
        var total = 0.0;
        var taught = false;
        foreach (var batch in batches)
        {
            using var inner = TensorScope.Open();
            if (_losses.Share(batch, counts, parts) is not { } loss)
                continue;
            total += loss.Detach().Item();
            CheckFinite(total, step, learningRate);
            gradients.Add(loss, inner);
            taught = true;
        }

        _position = _position with { Step = step };
        if (!taught)
        {
            _observer.OnEmptyBatch(step);
            return;
        }

        if (_plan.L1 > 0)
            gradients.AddL1(_plan.L1);
        if (_plan.ClipNorm is { } limit)
            gradients.Clip(limit);
        _plan.Optimizer.Step(gradients.Sum, learningRate);
        _lastFinite = total;
        _observer.OnStep(new StepReport(
            step, _plan.Schedule.TotalSteps, _position.Epoch + 1, total, Named(parts), learningRate, batches.Sum(b => b.Size), Elapsed));
    }

    private void CheckFinite(double total, long step, double learningRate)
    {
        if (!double.IsFinite(total))
            throw new DivergedException(step, total, step - 1, _lastFinite, learningRate);
    }

    private Dictionary<string, double> Named(double[] parts)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < parts.Length; i++)
            named[_plan.Objectives[i].Objective.Kind] = named.GetValueOrDefault(_plan.Objectives[i].Objective.Kind) + parts[i];
        return named;
    }

    private StopReason Validate(CancellationToken cancellationToken)
    {
        if (_plan.Validate is null)
            return StopReason.Completed;
        _plan.Student.Eval();
        IReadOnlyDictionary<string, double> scores;
        using (TensorScope.Open())
        using (Autograd.NoGrad())
            scores = _plan.Validate(CancellationToken.None);
        var score = _plan.BestBy.Read(scores);
        _plan.Schedule.OnValidation(score);
        var isBest = _position.BestScore is not { } before || score > before;
        if (isBest)
        {
            _best.Take();
            _position = _position with { BestScore = score, BestScores = scores, BestStep = _position.Step, Waited = 0 };
        }
        else
        {
            _position = _position with { Waited = _position.Waited + 1 };
        }

        _observer.OnValidation(new ValidationReport(_position.Step, _position.Epoch, scores, isBest));
        if (cancellationToken.IsCancellationRequested)
            return StopReason.Interrupted;
        return _plan.Patience is { } patience && _position.Waited >= patience ? StopReason.EarlyStopping : StopReason.Completed;
    }

    private void Restore(TrainingSnapshot from)
    {
        _plan.Student.LoadStateDict(Under("model.", from));
        _plan.Optimizer.Restore(Under("optimizer.", from), from.Position.Step);
        _best.Set(Under("best.", from));
        _plan.Schedule.RestoreState(from.Position.Schedule);
        using var generator = Generator.Default();
        generator.SetState(from.Position.Generator);
        _position = from.Position;
    }

    private static Dictionary<string, Tensor> Under(string prefix, TrainingSnapshot snapshot) => snapshot.Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);

    private static void Release(List<Batch> batches)
    {
        foreach (var batch in batches)
            batch.Dispose();
        batches.Clear();
    }
}
