using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.SampleWeights;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives.Logits;

/// <summary>Any objective on logits, of both models' logits standardised: each row with its mean subtracted and divided by its standard deviation.</summary>
/// <remarks>
/// Sun et al. 2024, arXiv:2403.01427, algorithm 1: the student need not have the teacher's logits' size, only their form. Classes that are masked by −∞ stay so
/// and have no part in mean and deviation (divided by their number − 1). Deviation: a standard deviation below 10⁻³ counts as 10⁻³, where the authors add 10⁻⁷,
/// which makes the gradient of a student that says nothing 10⁷ times as large.
/// </remarks>
internal sealed class LogitStandardizationObjective : IAdaptiveObjective, ITrainedObjective, IDisposable
{
    private const double LeastDeviation = 1e-3;

    private readonly IObjective _inner;
    private readonly NothingLearned _none = new();

    /// <summary>The wrapper.</summary>
    /// <param name="inner">What is computed of the standardised logits; it needs a teacher's.</param>
    /// <exception cref="DecantException">It learns without a teacher's logits, or is standardised already.</exception>
    public LogitStandardizationObjective(IObjective inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (inner is LogitStandardizationObjective || !inner.Needs.HasFlag(SignalKinds.DenseLogits))
            throw new DecantException($"{Kind}: expected an objective that compares logits with a teacher's, such as soft-targets; came {inner.Kind}.");
        _inner = inner;
    }

    /// <inheritdoc/>
    public string Kind => "logit-standardization";

    /// <inheritdoc/>
    public SignalKinds Needs => _inner.Needs;

    /// <inheritdoc/>
    public bool IsRowwise => _inner.IsRowwise;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Settings => (_inner as IAdaptiveObjective)?.Settings ?? new Dictionary<string, double>();

    /// <summary>The inner objective's weights; none unless it has some.</summary>
    public Module Trained => (_inner as ITrainedObjective)?.Trained ?? _none;

    /// <inheritdoc/>
    public void Begin(double progress) => (_inner as IAdaptiveObjective)?.Begin(progress);

    /// <inheritdoc/>
    public long Count(Batch batch) => _inner.Count(batch);

    /// <inheritdoc/>
    public LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(student);
        if (Count(batch) == 0)
            return LossSum.Nothing();
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        using var scope = TensorScope.Open();
        var (sum, count) = _inner.Compute(student with { Logits = Standardised(studentLogits) }, new DenseLogits(Standardised(teacherLogits.Detach())), batch);
        return new(scope.Keep(sum), count);
    }

    /// <summary>Releases the inner objective, which was taken over.</summary>
    public void Dispose()
    {
        (_inner as IDisposable)?.Dispose();
        _none.Dispose();
    }

    private static Tensor Standardised(Tensor logits)
    {
        var isMasked = logits.EqualTo(double.NegativeInfinity);                                                     // [R, C]
        var classes = isMasked.Not().To(DType.Float32).Sum(-1, keep: true);                                         // [R, 1]
        var mean = logits.MaskedFill(isMasked, 0).Sum(-1, keep: true) / classes.Clamp(min: 1);                      // [R, 1]
        var centred = (logits - mean).MaskedFill(isMasked, 0);                                                      // [R, C]
        var variance = centred.Square().Sum(-1, keep: true) / (classes - 1).Clamp(min: 1);                          // [R, 1]
        // The square of the least deviation, for the slope of a root is infinite at 0.
        return (centred / variance.Clamp(min: LeastDeviation * LeastDeviation).Sqrt()).MaskedFill(isMasked, double.NegativeInfinity);
    }
}
