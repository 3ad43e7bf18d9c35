using System.Globalization;

namespace Decant.Tests.Fuzz;

/// <summary>How the cases of a format went.</summary>
internal sealed class FuzzTally
{
    public int Read { get; private set; }

    public int Refused { get; private set; }

    public long MostAllocated { get; private set; }

    public TimeSpan Longest { get; private set; }

    public void Add(bool isRead, long allocated, TimeSpan time)
    {
        Read += isRead ? 1 : 0;
        Refused += isRead ? 0 : 1;
        MostAllocated = Math.Max(MostAllocated, allocated);
        Longest = time > Longest ? time : Longest;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Read + Refused,9:N0} cases, {Read,9:N0} read, {Refused,9:N0} refused; at most {MostAllocated,11:N0} bytes, {Longest.TotalMilliseconds,6:0} ms");
}
