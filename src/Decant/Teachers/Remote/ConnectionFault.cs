using System.Net.Sockets;
using System.Security.Authentication;

namespace Decant.Teachers.Remote;

/// <summary>Tells connections that could not be made from those that were cut.</summary>
internal static class ConnectionFault
{
    /// <summary><see cref="RemoteFault.Certificate"/>, <see cref="RemoteFault.Unreachable"/>, or else <see cref="RemoteFault.Connection"/>.</summary>
    public static RemoteFault Of(Exception? error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
                return RemoteFault.Certificate;
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError })
                return IsCut(cause) ? RemoteFault.Connection : RemoteFault.Unreachable;
        }

        return RemoteFault.Connection;
    }

    private static bool IsCut(Exception? error) => error is not null && (error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted } || IsCut(error.InnerException));
}
