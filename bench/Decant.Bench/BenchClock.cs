using System.Diagnostics;

namespace Decant.Bench;

/// <summary>What a benchmark reads the time from.</summary>
/// <param name="Wall">The time since some moment.</param>
/// <param name="Processor">What the processors have worked for this process.</param>
internal sealed record BenchClock(Func<TimeSpan> Wall, Func<TimeSpan> Processor)
{
    /// <summary>The machine's own.</summary>
    public static BenchClock Machine { get; } = new(() => Stopwatch.GetElapsedTime(0), () => Environment.CpuUsage.TotalTime);
}
