namespace Decant.Training;

/// <summary>One update.</summary>
internal sealed class StepReport
{
    private readonly LossReading _reading;

    internal StepReport(LossReading reading) => _reading = reading;

    /// <summary>From 1.</summary>
    public required long Step { get; init; }

    /// <summary>How many there will be.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The total Σ wᵢ·Lᵢ of the objectives, without L1. Reading it waits for a device that is not the CPU: read what is shown, not every update's.</summary>
    /// <exception cref="InvalidOperationException">It is read for the first time after the observer returned.</exception>
    public double Loss => _reading.Total;

    /// <summary>
    /// Each objective's mean before its weight, by kind (the second of a kind is <c>kind-2</c>). One that counted nothing in this update is left out. Read like
    /// <see cref="Loss"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Parts => _reading.Parts;

    /// <summary>
    /// What changes over the training, as it was in this update: <c>soft-targets/temperature</c>, <c>labels/weight</c>. A mean where it depends on the sample; of what
    /// is learned, the number that the update led to. Empty where nothing changes. Read like <see cref="Loss"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Settings => _reading.Settings;

    /// <summary>The norm of all gradients together before it was limited; null where it is not. Read like <see cref="Loss"/>.</summary>
    public double? GradientNorm => _reading.NormTensor is null ? null : _reading.Norm;

    /// <summary>What was written for this update, by name; empty where nothing was.</summary>
    public IReadOnlyDictionary<string, double> Written { get; init; } = new Dictionary<string, double>();

    /// <summary>The learning rate of this update.</summary>
    public required double LearningRate { get; init; }

    /// <summary>How many samples the update saw.</summary>
    public required int Samples { get; init; }

    /// <summary>Since the training began.</summary>
    public required TimeSpan Elapsed { get; init; }

    internal void Forget() => _reading.Dispose();
}

/// <summary>The scores of a validation.</summary>
/// <param name="Step">The updates so far.</param>
/// <param name="Epoch">The epoch that it was in or at the end of, from 1.</param>
/// <param name="Scores">By metric.</param>
/// <param name="IsBest">Whether these are the best weights so far.</param>
internal sealed record ValidationReport(long Step, int Epoch, IReadOnlyDictionary<string, double> Scores, bool IsBest)
{
    /// <summary>The epochs so far, with the share of the one that is not complete.</summary>
    public double Epochs { get; init; } = Epoch;
}

/// <summary>Why a training ended.</summary>
internal enum StopReason
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation score had not improved for the given number of validations.</summary>
    EarlyStopping,

    /// <summary>The caller cancelled.</summary>
    Interrupted,
}

/// <summary>How a training ended.</summary>
/// <param name="Steps">The updates made.</param>
/// <param name="BestStep">The update that scored best, the last one without validation. The student has its weights now, unless it was interrupted.</param>
/// <param name="BestScores">The validation scores of that update; null without validation.</param>
/// <param name="Elapsed">The time it took.</param>
/// <param name="Reason">Why it ended.</param>
internal sealed record TrainingResult(long Steps, long BestStep, IReadOnlyDictionary<string, double>? BestScores, TimeSpan Elapsed, StopReason Reason);

/// <summary>Gets reports of what happens in a training, on its thread.</summary>
internal interface ITrainingObserver
{
    /// <summary>After every update. <see cref="TrainLoop.Capture"/> may be called from here, and from the others.</summary>
    void OnStep(StepReport report);

    /// <summary>After every validation. When <see cref="ValidationReport.IsBest"/>, the student's weights are the best so far.</summary>
    void OnValidation(ValidationReport report);

    /// <summary>An update was left out, since every objective had count 0 in all of its batches; it counts as a step all the same.</summary>
    void OnEmptyBatch(long step);
}
