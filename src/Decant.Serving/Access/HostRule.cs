using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Http;

namespace Decant.Serving.Access;

/// <summary>Which names of the server and which web pages requests may come by: a page in a browser could reach a server on this machine by a name that it lets point here (DNS rebinding).</summary>
/// <param name="hosts">The names that the Host header may have, without the port; null: any.</param>
internal sealed class HostRule(IReadOnlyList<string>? hosts)
{
    /// <summary>The names of this machine for itself.</summary>
    public static IReadOnlyList<string> Loopback { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Refuses a request under another name, and one that a page of another origin sends.</summary>
    /// <exception cref="ApiException">403.</exception>
    public void Check(HttpRequest request)
    {
        if (hosts is not null && !hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            throw new ApiException(403, "The Host header names another server than this one.", null, "host_not_allowed");
        if (request.Headers.Origin is { Count: > 0 } origin && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(403, "Web pages of other origins are not served.", null, "origin_not_allowed");
    }
}
