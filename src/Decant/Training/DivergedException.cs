namespace Decant.Training;

/// <summary>The loss, the gradients or the weights were not finite.</summary>
public sealed class DivergedException : DecantException
{
    /// <summary>Says when, and what was last finite.</summary>
    /// <param name="what">What was not finite, and what it was.</param>
    /// <param name="step">The update at which it happened, from 1.</param>
    /// <param name="lastFinite">The last update with a finite loss and that loss; null when there was none.</param>
    /// <param name="learningRate">The learning rate of the update.</param>
    /// <param name="advice">What is wrong and what to do, in sentences; null: the learning rate is taken for the cause.</param>
    public DivergedException(string what, long step, (long Step, double Loss)? lastFinite, double learningRate, string? advice = null)
        : base(
            $"{what} at step {step}" +
            (lastFinite is { } last ? $"; the loss was last finite at step {last.Step}: {last.Loss:G5}" : ", and no loss before was finite") +
            $" (learning rate {learningRate:G3}). The best weights so far are kept. {advice ?? "Lower the learning rate, add warm-up to the schedule, or set clip-norm: 1."}",
            ExitCodes.Diverged)
    {
        Step = step;
        LastFiniteStep = lastFinite?.Step;
        LastFiniteLoss = lastFinite?.Loss;
    }

    /// <summary>The update at which it happened, from 1.</summary>
    public long Step { get; }

    /// <summary>The last update with a finite loss; null when there was none in this process.</summary>
    public long? LastFiniteStep { get; }

    /// <summary>The loss of that update.</summary>
    public double? LastFiniteLoss { get; }
}
