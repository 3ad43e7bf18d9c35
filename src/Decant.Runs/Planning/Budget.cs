using Decant.Training;

namespace Decant.Runs.Planning;

/// <summary>How long an arm learns.</summary>
/// <param name="BatchesPerEpoch">Batches that make an epoch.</param>
/// <param name="Epochs">Epochs begun.</param>
/// <param name="Steps">Updates; the last epoch ends with them.</param>
internal readonly record struct Budget(int BatchesPerEpoch, int Epochs, long Steps)
{
    /// <summary>The budget of an arm.</summary>
    /// <param name="fit">Says epochs or steps, and how many batches make a step.</param>
    /// <param name="batches">How many batches make an epoch.</param>
    /// <param name="steps">Updates instead of what the section says.</param>
    public static Budget Of(TrainingOptions fit, int batches, long? steps = null)
    {
        var stepsPerEpoch = ((long)batches + fit.Accumulate - 1) / fit.Accumulate;
        var all = steps ?? (fit.Epochs is { } epochs ? epochs * stepsPerEpoch : fit.Steps!.Value);
        return new Budget(batches, (int)((all + stepsPerEpoch - 1) / stepsPerEpoch), all);
    }
}
