namespace Decant.Tests.Training;

/// <summary>A clock that moves only when a test advances it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _milliseconds;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Read(ref _milliseconds);

    public void Pass(int milliseconds) => Interlocked.Add(ref _milliseconds, milliseconds);
}
