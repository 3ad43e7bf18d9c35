namespace Decant.Signals;

/// <summary>An objective that changes while a student learns, such as by a temperature that falls.</summary>
internal interface IAdaptiveObjective : IObjective
{
    /// <summary>What it has used since <see cref="Begin"/>, by name, such as <c>temperature</c>; a mean where it depends on the sample. Empty where nothing changes.</summary>
    /// <remarks>Reading may wait for the device.</remarks>
    IReadOnlyDictionary<string, double> Settings { get; }

    /// <summary>An update begins; all that depends on how far the training is depends on this alone, so that a resumed training gives the same as an uninterrupted one.</summary>
    /// <param name="progress">From 0 at the first update to 1 at the last.</param>
    void Begin(double progress);
}
