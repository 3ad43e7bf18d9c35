using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.SampleWeights;

/// <summary>An objective with each row weighted by the teacher's confidence in it; all else is the objective's own.</summary>
internal sealed class SampleWeighted : IAdaptiveObjective, ITrainedObjective, IDisposable
{
    private const string Setting = "sample-weight";

    private readonly IRowObjective _inner;
    private readonly SampleWeight _weight;
    private readonly NothingLearned _none = new();
    private readonly RunningMean _mean = new();

    /// <summary>The wrapper.</summary>
    /// <param name="inner">What is weighted; it is taken over.</param>
    /// <param name="weight">By what.</param>
    /// <exception cref="DecantException">The factors are out of range, or both are 0.</exception>
    public SampleWeighted(IRowObjective inner, SampleWeight weight)
    {
        if (weight.Checked() is { Confident: 0, Uncertain: 0 })
            throw new DecantException($"{inner.Kind}: both factors of 'sample-weighting' are 0, which leaves nothing to learn; give 'confident' or 'uncertain' one above 0.");
        (_inner, _weight) = (inner, weight);
    }

    public string Kind => _inner.Kind;

    public SignalKinds Needs => _inner.Needs | SignalKinds.DenseLogits;

    public bool IsRowwise => _inner.IsRowwise;

    bool IObjective.NeedsEqualOutputs => _inner.NeedsEqualOutputs;

    public IReadOnlyDictionary<string, double> Settings
    {
        get
        {
            var settings = new Dictionary<string, double>((_inner as IAdaptiveObjective)?.Settings ?? new Dictionary<string, double>());
            if (_mean.Value is { } mean)
                settings[Setting] = mean;
            return settings;
        }
    }

    public Module Trained => (_inner as ITrainedObjective)?.Trained ?? _none;

    public void Begin(double progress)
    {
        _mean.Forget();
        (_inner as IAdaptiveObjective)?.Begin(progress);
    }

    public long Count(Batch batch) => _inner.Count(batch);

    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        if (Count(batch) == 0)
            return LossSum.Nothing();
        using var scope = TensorScope.Open();
        var weights = _weight.Of(TeacherLogits.Logits(student, teacher).Teacher.Detach());                          // [R]
        _mean.Add(weights);
        var (sum, count) = _inner.Compute(student, teacher, batch, weights);
        return new(scope.Keep(sum), count);
    }

    public void Dispose()
    {
        _mean.Dispose();
        (_inner as IDisposable)?.Dispose();
        _none.Dispose();
    }
}
