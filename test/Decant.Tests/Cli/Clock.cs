namespace Decant.Tests.Cli;

/// <summary>A clock that a test moves.</summary>
internal sealed class Clock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Forward(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);
}
