using System.Net;

namespace Decant.Serving.Access;

/// <summary>Where a server listens.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Port">The port; 0: a free one.</param>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads an address, such as <c>http://127.0.0.1:8080</c>.</summary>
    /// <param name="url">It.</param>
    /// <param name="hasToken">Whether requests must bring a token.</param>
    /// <exception cref="DecantException">It is none of these, or others than this machine would reach a server without a token.</exception>
    public static ListenAddress Read(string url, bool hasToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new DecantException($"--url: expected an address such as http://127.0.0.1:8080, came '{url}'. TLS is a proxy's work; all addresses of this machine are http://0.0.0.0:8080.");
        var host = uri.IdnHost == "localhost" ? "127.0.0.1" : uri.IdnHost;
        if (!IPAddress.TryParse(host, out var address))
            throw new DecantException($"--url: expected an IP address or localhost, came '{uri.Host}'. Name the address that the server is to listen on.");
        var read = new ListenAddress(address, uri.Port);
        return read.IsLoopback || hasToken ? read : throw new DecantException(
            $"--url: {url} can be reached from other machines, and there is no token, so anybody could use the server. Give one with --token-file or DECANT_SERVE_TOKEN, or listen on http://127.0.0.1:{uri.Port}.");
    }
}
