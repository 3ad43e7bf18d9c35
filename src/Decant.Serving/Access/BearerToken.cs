using System.Security.Cryptography;
using System.Text;
using Decant.Serving.Protocol;
using Microsoft.AspNetCore.Http;

namespace Decant.Serving.Access;

/// <summary>The secret that requests must bring. Only its hash is kept; hashes are compared, in constant time.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int Least = 16;
    private readonly byte[] _hash;

    private BearerToken(string token) => _hash = Hash(token);

    /// <summary>A token; null where there is none.</summary>
    /// <exception cref="DecantException">It is shorter than 16 characters, or has others than those that can be seen in ASCII. The message does not have it.</exception>
    public static BearerToken? Of(string? token) => token is null ? null
        : token.Length >= Least && token.All(c => c is > ' ' and <= '~') ? new(token)
        : throw new DecantException($"The token: expected {Least} or more visible ASCII characters without spaces, came {token.Length} characters{(token.Length >= Least ? ", some of them others" : "")}. 'openssl rand -hex 32' makes one.");

    /// <summary>Refuses a request that does not bring it.</summary>
    /// <exception cref="ApiException">401.</exception>
    public void Check(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        var isThere = header.Count == 1 && header[0] is { } said && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        if (!IsRight(isThere ? header[0]![Scheme.Length..].Trim() : ""))
            throw new ApiException(401, isThere ? "The bearer token is not this server's." : "Expected the header 'Authorization: Bearer TOKEN', which this server needs.", null, "invalid_api_key");
    }

    /// <summary>Whether a token is this one.</summary>
    public bool IsRight(string token) => CryptographicOperations.FixedTimeEquals(_hash, Hash(token));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
