using Decant.Runs.Reports.Record;

namespace Decant.Cli.Rendering;

/// <summary>What is known of one arm while it trains.</summary>
internal sealed class ArmProgress(ArmStarted started, TimeProvider clock)
{
    // Before this the first steps, with everything loaded and compiled in them, say nothing about the rest.
    private static readonly TimeSpan SoonestEstimate = TimeSpan.FromSeconds(2);
    private long _begin = clock.GetTimestamp();
    private long _before;

    public ArmStarted Started { get; } = started;

    public StepTaken? Last { get; private set; }

    public Validated? Validation { get; private set; }

    public ArmFinished? Finished { get; private set; }

    public double Share => Finished is not null ? 1 : Started.Steps > 0 ? Math.Clamp((double)(Last?.Step ?? 0) / Started.Steps, 0, 1) : 0;

    /// <summary>Seconds to go at the pace so far, validations and all; null while it is too early to say.</summary>
    public double? Remaining()
    {
        var elapsed = clock.GetElapsedTime(_begin);
        return Last is { } last && last.Step > _before && elapsed >= SoonestEstimate ? elapsed.TotalSeconds / (last.Step - _before) * Math.Max(0, Started.Steps - last.Step) : null;
    }

    public void Take(RunEvent happened)
    {
        switch (happened)
        {
            case StepTaken step: Last = step; break;
            case Validated validated: Validation = validated; break;
            case ArmFinished finished: Finished = finished; break;
            // The steps before it were made by another process, at another pace.
            case Resumed resumed: (_before, _begin) = (resumed.Step, clock.GetTimestamp()); break;
        }
    }

    public bool Is(RunEvent happened) => happened.TaskName == Started.TaskName && happened switch
    {
        StepTaken e => (e.Arm, e.Seed) == (Started.Arm, Started.Seed),
        Validated e => (e.Arm, e.Seed) == (Started.Arm, Started.Seed),
        ArmFinished e => (e.Arm, e.Seed) == (Started.Arm, Started.Seed),
        Resumed e => (e.Arm, e.Seed) == (Started.Arm, Started.Seed),
        _ => false,
    };
}
