using Decant.Runs;

namespace Decant.Bench;

/// <summary>The memory of a few updates, in a process of its own.</summary>
internal static class ObjectiveMemory
{
    /// <summary>Our side's name for a pair begins with this.</summary>
    public const string Prefix = "objective-memory-";

    private const int Steps = 2;

    /// <summary>Makes a few updates, and returns the most memory that the process ever had, in bytes.</summary>
    /// <param name="side">The prefix and the pair's name.</param>
    /// <param name="objective">What is beside the soft targets; empty: nothing.</param>
    public static long Measure(string side, string objective)
    {
        var choices = new ObjectiveChoices(Catalog.Standard);
        using var pair = new ObjectiveBenchSide(Catalog.Standard, ObjectivePairs.Find(side[Prefix.Length..]));
        pair.Time([choices.Read(ObjectiveChoices.Base), .. objective.Length > 0 ? new[] { choices.Read(objective) } : []], Steps);
        return ProcessFigures.PeakBytes();
    }
}
