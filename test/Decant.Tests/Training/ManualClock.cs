namespace Decant.Tests.Training;

/// <summary>A clock that moves on only when it is told how far.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _milliseconds;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => Interlocked.Read(ref _milliseconds);

    public void Pass(int milliseconds) => Interlocked.Add(ref _milliseconds, milliseconds);
}
