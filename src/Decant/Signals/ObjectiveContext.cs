namespace Decant.Signals;

/// <summary>What an objective may know of the training that it takes part in, before the first batch.</summary>
public sealed record ObjectiveContext
{
    /// <summary>
    /// How many labelled samples (or labelled words) of each class an epoch has, in the order of the classes: what is drawn, where sampling draws classes more
    /// often or less. Empty where the task has no classes.
    /// </summary>
    public IReadOnlyList<long> ClassCounts { get; init; } = [];
}
