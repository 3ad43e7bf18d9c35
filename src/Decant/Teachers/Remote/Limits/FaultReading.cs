using System.ClientModel;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly.Timeout;

namespace Decant.Teachers.Remote.Limits;

/// <summary>Says what went wrong, whatever client it went wrong in.</summary>
internal static class FaultReading
{
    /// <summary>The failure in this library's terms; null: it is none of a request.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="clock">The clock, which a date of <c>Retry-After</c> is compared with.</param>
    public static RemoteTeacherException? Of(Exception error, TimeProvider clock) => error switch
    {
        RemoteTeacherException known => known,
        ClientResultException { Status: > 0 } reply => OfReply(reply, clock),
        HttpRequestException { StatusCode: { } status } reply => new RemoteTeacherException(ErrorReply.FaultOf(status, "", reply.Message), $"The teacher answered {(int)status} {status}."),
        TimeoutRejectedException => new RemoteTeacherException(RemoteFault.Timeout, "Nothing whole came from the teacher in time. Raise the timeout, or ask for less."),
        TimeoutException or TaskCanceledException { InnerException: TimeoutException } => new RemoteTeacherException(RemoteFault.Timeout, "Nothing whole came from the teacher in time.", null, error),
        JsonException => new RemoteTeacherException(RemoteFault.BrokenAnswer, "The teacher's answer is no JSON, or not all of it.", null, error),
        ClientResultException or HttpRequestException or IOException => OfConnection(error),
        _ => null,
    };

    private static RemoteTeacherException OfReply(ClientResultException error, TimeProvider clock)
    {
        TimeSpan? wait = null;
        if (error.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var said) == true && RetryConditionHeaderValue.TryParse(said, out var header))
            wait = ErrorReply.Wait(header, clock.GetUtcNow());
        return new RemoteTeacherException(ErrorReply.FaultOf((HttpStatusCode)error.Status, "", error.Message), $"The teacher answered {error.Status}.", wait);
    }

    private static RemoteTeacherException OfConnection(Exception error) => ConnectionFault.Of(error) switch
    {
        RemoteFault.Certificate => new RemoteTeacherException(RemoteFault.Certificate, "The certificate of the teacher's server is not trusted.", null, error),
        RemoteFault.Unreachable => new RemoteTeacherException(RemoteFault.Unreachable, "No connection to the teacher could be made.", null, error),
        _ => new RemoteTeacherException(RemoteFault.Connection, "The connection to the teacher was cut.", null, error),
    };
}
