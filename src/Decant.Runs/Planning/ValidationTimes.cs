using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>After how many updates a student is validated.</summary>
internal static class ValidationTimes
{
    /// <summary>How often a short training is validated at most where the recipe does not say.</summary>
    private const long Most = 10;

    /// <summary>Updates between two validations; null: one after every epoch.</summary>
    /// <param name="fit">What the recipe says.</param>
    /// <param name="budget">How long is trained.</param>
    /// <param name="samples">How many samples a validation asks about.</param>
    /// <remarks>
    /// Where the recipe says nothing and the length is given in steps that are fewer than two epochs, epochs end once or twice: too seldom to choose weights by. As many
    /// validations as ten are made then, but never so many that more samples are validated than trained on. A validation is a forward pass of the student alone, so
    /// they take a small part of the time.
    /// </remarks>
    public static long? Every(TrainingOptions fit, Budget budget, int samples)
    {
        var stepsPerEpoch = ((long)budget.BatchesPerEpoch + fit.Accumulate - 1) / fit.Accumulate;
        if (fit.ValidateEvery is { } interval)
            return interval.InSteps(stepsPerEpoch);
        if (fit.Steps is null || budget.Steps >= 2 * stepsPerEpoch || samples == 0)
            return null;
        var trained = (double)budget.Steps * fit.Batch * fit.Accumulate;
        var times = Math.Min(Math.Min(Most, budget.Steps), (long)(trained / samples));
        return times > budget.Epochs ? (budget.Steps + times - 1) / times : null;
    }

    /// <summary>How many validations a training has, if it is not stopped early.</summary>
    public static long Count(long? every, Budget budget) => every is { } steps ? (budget.Steps + steps - 1) / steps : budget.Epochs;
}
