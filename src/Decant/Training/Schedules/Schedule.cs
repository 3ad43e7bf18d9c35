using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Training.Schedules;

/// <summary>What every schedule has in a recipe.</summary>
public abstract record ScheduleOptions
{
    /// <summary>The share of all steps during which the factor rises from 0 to 1 in a line; 0.</summary>
    [Range(0.0, 0.99)]
    [Description("linear warm-up, as a fraction of all steps")]
    public double WarmUp { get; init; }
}

/// <summary>The factor of the learning rate over the steps of a training.</summary>
internal abstract class Schedule
{
    private readonly double _warmUpShare;
    private long? _totalSteps;
    private long _warmUp;

    /// <summary>A schedule over a number of updates.</summary>
    /// <param name="totalSteps">How many updates there will be; null: as many as the plan of the training has, which the loop works out.</param>
    /// <param name="warmUp">The share of them that warms up.</param>
    protected Schedule(long? totalSteps, double warmUp)
    {
        if (warmUp is not (>= 0 and < 1))
            throw new DecantException($"warm-up is a share of all steps, from 0 to below 1; {warmUp} came.");
        _warmUpShare = warmUp;
        if (totalSteps is { } given)
            Span(given);
    }

    /// <summary>How many updates there will be.</summary>
    /// <exception cref="InvalidOperationException">It was made without a length, and is of no training yet.</exception>
    public long TotalSteps => _totalSteps ?? throw new InvalidOperationException("The schedule was made without a length, which a TrainLoop gives it; give it one to use it alone.");

    /// <summary>Whether it has its length.</summary>
    internal bool IsSpanned => _totalSteps is not null;

    /// <summary>Whether its factors depend on how many updates there are.</summary>
    internal bool DependsOnLength => _warmUpShare > 0 || FallsWithProgress;

    /// <summary>Whether the factor after the warm-up depends on how far the training is; default: true.</summary>
    protected virtual bool FallsWithProgress => true;

    /// <summary>Gives it its length, unless it has one.</summary>
    internal void Span(long totalSteps)
    {
        if (IsSpanned)
            return;
        _totalSteps = Math.Max(1, totalSteps);
        _warmUp = (long)Math.Round(_totalSteps.Value * _warmUpShare);
    }

    /// <summary>The factor of one update.</summary>
    /// <param name="step">From 0.</param>
    /// <returns>From 0 to 1.</returns>
    public double FactorAt(long step)
    {
        var total = TotalSteps;
        if (step < _warmUp)
            return (step + 1.0) / (_warmUp + 1);
        // A source may give more batches than it announced: past the end the factor stays where it ended, it does not fall below.
        var progress = (double)(step - _warmUp) / Math.Max(1, total - _warmUp);
        return AfterWarmUp(step, Math.Min(1, progress));
    }

    /// <summary>Whether <see cref="OnValidation"/> must be called for the schedule to work; false for all but plateau.</summary>
    public virtual bool NeedsValidation => false;

    /// <summary>Gives the schedule the validation metric after an epoch, higher is better.</summary>
    public virtual void OnValidation(double score)
    {
    }

    /// <summary>What the future depends on, for checkpoints; empty for all that are functions of the step.</summary>
    public virtual double[] SaveState() => [];

    /// <summary>Restores <see cref="SaveState"/>.</summary>
    public virtual void RestoreState(double[] state)
    {
    }

    /// <summary>The factor once the warm-up is over.</summary>
    /// <param name="step">The update, from 0.</param>
    /// <param name="progress">From 0 right after the warm-up to 1 at the end.</param>
    protected abstract double AfterWarmUp(long step, double progress);
}
