namespace Decant.Training;

/// <summary>The loss was not finite.</summary>
public sealed class DivergedException : DecantException
{
    /// <summary>Says when, and what was last finite.</summary>
    public DivergedException(long step, double loss, long lastFiniteStep, double? lastFinite, double learningRate)
        : base(
            $"The loss became {loss} at step {step}" +
            (lastFinite is { } value ? $"; it was last finite at step {lastFiniteStep}: {value:G5}" : ", the first one") +
            $" (learning rate {learningRate:G3}). The best weights so far are kept. Lower the learning rate, add warm-up to the schedule, or set clip-norm: 1.",
            ExitCodes.Diverged)
    {
        Step = step;
    }

    /// <summary>The update at which it happened, from 1.</summary>
    public long Step { get; }
}
