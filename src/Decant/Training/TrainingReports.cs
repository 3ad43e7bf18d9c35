namespace Decant.Training;

/// <summary>One update.</summary>
/// <param name="Step">From 1.</param>
/// <param name="TotalSteps">How many there will be.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">The total Σ wᵢ·Lᵢ of the objectives, without L1.</param>
/// <param name="Parts">
/// Each objective's mean before its weight, by kind (the second of a kind is <c>kind-2</c>). One that counted nothing in this update is left out.
/// </param>
/// <param name="LearningRate">The learning rate of this update.</param>
/// <param name="Samples">How many samples the update saw.</param>
/// <param name="Elapsed">Since the training began.</param>
public sealed record StepReport(
    long Step, long TotalSteps, int Epoch, double Loss, IReadOnlyDictionary<string, double> Parts, double LearningRate, int Samples, TimeSpan Elapsed);

/// <summary>The scores after an epoch.</summary>
/// <param name="Step">The updates so far.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Scores">By metric.</param>
/// <param name="IsBest">Whether these are the best weights so far.</param>
public sealed record ValidationReport(long Step, int Epoch, IReadOnlyDictionary<string, double> Scores, bool IsBest);

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation score had not improved for the given number of epochs.</summary>
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
public sealed record TrainingResult(long Steps, long BestStep, IReadOnlyDictionary<string, double>? BestScores, TimeSpan Elapsed, StopReason Reason);

/// <summary>Is told what happens in a training, on its thread.</summary>
public interface ITrainingObserver
{
    /// <summary>After every update. <see cref="TrainLoop.Capture"/> may be called from here, and from the others.</summary>
    void OnStep(StepReport report);

    /// <summary>After every validation. When <see cref="ValidationReport.IsBest"/>, the student's weights are the best so far.</summary>
    void OnValidation(ValidationReport report);

    /// <summary>An update was left out, since every objective had count 0 in all of its batches; it counts as a step all the same.</summary>
    void OnEmptyBatch(long step);
}
