using Decant.Recipes;

namespace Decant.Jobs;

/// <summary>How long an arm learns.</summary>
/// <param name="BatchesPerEpoch">Batches that make an epoch.</param>
/// <param name="Epochs">Epochs begun.</param>
/// <param name="Steps">Updates; the last epoch ends with them.</param>
internal readonly record struct Budget(int BatchesPerEpoch, int Epochs, long Steps)
{
    /// <summary>The budget of an arm that follows its section, for some epochs more if asked.</summary>
    /// <param name="fit">Says epochs or steps.</param>
    /// <param name="batches">How many batches make an epoch.</param>
    /// <param name="only">Epochs instead of what the section says.</param>
    /// <param name="more">Epochs besides those.</param>
    public static Budget Of(FitSection fit, int batches, int? only = null, int more = 0)
    {
        var stepsPerEpoch = ((long)batches + fit.Accumulate - 1) / fit.Accumulate;
        var steps = (more * stepsPerEpoch) + ((only ?? fit.Epochs) is { } epochs ? epochs * stepsPerEpoch : fit.Steps!.Value);
        return new Budget(batches, (int)((steps + stepsPerEpoch - 1) / stepsPerEpoch), steps);
    }
}
