using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives.SampleWeights;
using Decant.Objectives.Temperatures;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Objectives;

/// <summary>
/// An objective that compares, row by row, what both models say at a temperature τ: Σ over rows of D(p, q)·τ², p = softmax(z_t ÷ τ), q = softmax(z_s ÷ τ).
/// A kind says what D is; everything else that they have in common stands here.
/// </summary>
internal abstract class Divergence : IRowObjective, IAdaptiveObjective, ITrainedObjective, IDisposable
{
    private readonly TemperatureController _temperature;
    private readonly bool _scaled;

    /// <summary>The common part.</summary>
    /// <param name="temperature">τ.</param>
    /// <param name="scaled">Whether rows are multiplied by τ².</param>
    /// <exception cref="DecantException">The temperature is out of range.</exception>
    protected Divergence(Temperature temperature, bool scaled)
    {
        ArgumentNullException.ThrowIfNull(temperature);
        (_temperature, _scaled) = (new TemperatureController(temperature), scaled);
    }

    /// <summary>The common part.</summary>
    /// <param name="options">Temperature and scale.</param>
    /// <exception cref="DecantException">An option is out of range.</exception>
    protected Divergence(DivergenceOptions options) : this(options.Checked().Temperature, options.ScaleByTemperatureSquared)
    {
    }

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public SignalKinds Needs => SignalKinds.DenseLogits;

    /// <summary>Whether it is a sum over classes that says as much of the largest ones and all others as one; default: true.</summary>
    private protected virtual bool TakesTopProbabilities => true;

    /// <summary>Whether its rows are multiplied by τ².</summary>
    private protected bool IsScaled => _scaled;

    /// <inheritdoc/>
    string? IObjective.WhyNot(TeacherOffer offer) => WhyNot(offer);

    /// <summary>Why it cannot learn from what a teacher gives.</summary>
    private protected virtual string? WhyNot(TeacherOffer offer)
    {
        if (offer.Kinds.HasFlag(SignalKinds.DenseLogits))
            return null;
        return TakesTopProbabilities && offer.Kinds.HasFlag(SignalKinds.TopProbabilities) ? WhyNotAt(offer.Temperature) : offer.Lacks(Needs);
    }

    /// <summary>Why it cannot learn from probabilities that are exact at one temperature; null: any.</summary>
    private protected string? WhyNotAt(double? temperature)
    {
        if (_temperature.Constant is not { } own)
            return "has a temperature that changes, which needs all logits of the teacher; give it one number, or let its answers be kept as logits";
        return temperature is null || temperature == own
            ? null
            : FormattableString.Invariant($"is computed at temperature {own}, and the teacher's answers are kept at {temperature} and exact at no other: give both the same");
    }

    /// <summary>True, unless its temperature is learned: logits in parts give gradients back to the student alone.</summary>
    public bool IsRowwise => !_temperature.IsLearned;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Settings =>
        _temperature.Mean is { } mean ? new Dictionary<string, double> { ["temperature"] = mean } : new Dictionary<string, double>();

    /// <summary>The weights of a learned temperature; none of any other.</summary>
    public Module Trained => _temperature.Trained;

    /// <inheritdoc/>
    public void Begin(double progress) => _temperature.Begin(progress);

    /// <inheritdoc/>
    public virtual long Count(Batch batch) => batch.Rows;

    /// <inheritdoc/>
    public virtual LossSum Compute(StudentOutput student, TeacherSignal? teacher, Batch batch, Tensor? rowWeights = null)
    {
        var count = Count(batch);
        if (count == 0)
            return LossSum.Nothing();
        var (studentLogits, teacherLogits) = TeacherLogits.Logits(student, teacher);
        using var scope = TensorScope.Open();
        teacherLogits = teacherLogits.Detach();
        return new(scope.Keep(Sum(studentLogits, teacherLogits, batch, _temperature.Of(teacherLogits).Scaled(_scaled), rowWeights)), count);
    }

    /// <summary>Releases the weights of a learned temperature.</summary>
    public void Dispose()
    {
        _temperature.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>D of every row, differentiable by <paramref name="logQ"/>, and by <paramref name="logP"/> for a learned temperature.</summary>
    /// <param name="logP">[R, C] float32: log p of the teacher, −∞ where it rules a class out.</param>
    /// <param name="logQ">[R, C] float32: log q of the student, part of the graph.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>[R]; 0 for rows that do not count.</returns>
    protected abstract Tensor PerRow(Tensor logP, Tensor logQ, Batch batch);

    private protected virtual Tensor Sum(Tensor studentLogits, Tensor teacherLogits, Batch batch, RowTemperature rowTemperature, Tensor? rowWeights)
    {
        var logP = rowTemperature.LogSoftmax(teacherLogits);                                                        // [R, C]
        var logQ = rowTemperature.LogSoftmax(studentLogits);                                                        // [R, C]
        return rowTemperature.Sum(PerRow(logP, logQ, batch), rowWeights);
    }
}
