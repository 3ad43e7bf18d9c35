namespace Decant.Teachers.Remote.Limits;

/// <summary>A request failed as often as it may be tried, while the server answers others: its row is set aside, and not asked for ever.</summary>
/// <param name="attempts">How often it was sent.</param>
/// <param name="last">The last failure.</param>
public sealed class PoisonedRequestException(int attempts, RemoteTeacherException last)
    : RemoteTeacherException((last ?? throw new ArgumentNullException(nameof(last))).Fault, $"{last.Message} It was tried {attempts} times, and is set aside.", null, last)
{
    /// <summary>How often it was sent.</summary>
    public int Attempts { get; } = attempts;
}
