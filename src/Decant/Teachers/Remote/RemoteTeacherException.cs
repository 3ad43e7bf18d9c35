namespace Decant.Teachers.Remote;

/// <summary>A request to a remote teacher failed. The message never holds the key.</summary>
public class RemoteTeacherException : DecantException
{
    /// <summary>A failed request.</summary>
    /// <param name="fault">What went wrong.</param>
    /// <param name="message">Expected, came, where, next step.</param>
    /// <param name="retryAfter">How long the server asks to wait; null: it does not say.</param>
    /// <param name="inner">The cause, which must not hold the key.</param>
    public RemoteTeacherException(RemoteFault fault, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, fault is RemoteFault.Connection or RemoteFault.Unreachable or RemoteFault.Timeout or RemoteFault.Server or RemoteFault.Throttled ? ExitCodes.Machine : ExitCodes.BadInput, inner)
    {
        Fault = fault;
        RetryAfter = retryAfter;
    }

    /// <summary>What went wrong.</summary>
    public RemoteFault Fault { get; }

    /// <summary>How long the server asks to wait; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Fault >= RemoteFault.Throttled;
}
