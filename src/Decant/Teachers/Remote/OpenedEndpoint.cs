using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Decant.Teachers.Remote;

/// <summary>Opens an endpoint through the official client, whose own retries are off.</summary>
internal static class OpenedEndpoint
{
    private static readonly string[] s_calls = ["/chat/completions", "/completions", "/embeddings", "/responses"];
    private static readonly string[] s_nearNames = [".local", ".internal", ".lan"];

    /// <summary>The model for chat.</summary>
    public static IChatClient Chat(RemoteEndpoint endpoint, Func<string, string?>? environment, HttpMessageHandler? handler) =>
        Opened(endpoint, environment, handler, client => new EndpointChatClient(client.GetChatClient(endpoint.Model).AsIChatClient(), endpoint));

    /// <summary>The model for vectors.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Embeddings(RemoteEndpoint endpoint, Func<string, string?>? environment, HttpMessageHandler? handler) =>
        Opened(endpoint, environment, handler, client => new EndpointEmbeddings(client.GetEmbeddingClient(endpoint.Model).AsIEmbeddingGenerator(), endpoint));

    /// <summary>What sends requests of our own, with the key in their heads, and checks what comes; the caller disposes it.</summary>
    public static HttpClient Http(RemoteEndpoint endpoint, Func<string, string?>? environment, HttpMessageHandler? handler)
    {
        var (http, key) = Checked(endpoint, environment, handler);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Secret);
        return http;
    }

    private static T Opened<T>(RemoteEndpoint endpoint, Func<string, string?>? environment, HttpMessageHandler? handler, Func<OpenAIClient, T> open)
    {
        var (http, key) = Checked(endpoint, environment, handler);
        return open(new OpenAIClient(new ApiKeyCredential(key.Secret), new OpenAIClientOptions
        {
            Endpoint = endpoint.Address,
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = System.Threading.Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        }));
    }

    [SuppressMessage("Reliability", "CA5399", Justification = "certificates are checked by the system")]
    private static (HttpClient Http, RemoteKey Key) Checked(RemoteEndpoint endpoint, Func<string, string?>? environment, HttpMessageHandler? handler)
    {
        Check(endpoint);
        var key = RemoteKey.Of(endpoint, environment ?? Environment.GetEnvironmentVariable);
        return (new HttpClient(new CheckedAnswers(endpoint, key, handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }))
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // CheckedAnswers has the endpoint's
        }, key);
    }

    // This machine, a private address, or a name that only a local network can know.
    private static bool IsNear(Uri address)
    {
        if (address.IsLoopback)
            return true;
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            var bytes = ip.GetAddressBytes();
            return ip.IsIPv6LinkLocal || ip.IsIPv6UniqueLocal || (bytes.Length == 4 && (bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)));
        }

        return !address.Host.Contains('.', StringComparison.Ordinal) || s_nearNames.Any(end => address.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Refuses an address that cannot be one of an API, before anything is sent to it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="path">What stands before the names of settings in messages; default: nothing.</param>
    /// <exception cref="DecantException">It is none, is not encrypted, or has no model.</exception>
    public static void Check(RemoteEndpoint endpoint, string path = "")
    {
        var address = endpoint.Address;
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new DecantException($"{path}endpoint: expected the address of an API, such as https://api.openai.com/v1, without a user or a query, came something else. Correct it; a key stands in an environment variable.");
        if (s_calls.FirstOrDefault(call => address.AbsolutePath.TrimEnd('/').EndsWith(call, StringComparison.OrdinalIgnoreCase)) is { } call)
            throw new DecantException($"{path}endpoint: {address} is the address of one call of an API, and each call adds its own. Leave '{call}' out.");
        if (address.Scheme == "http" && !IsNear(address))
            throw new DecantException($"{path}endpoint: {address} is not encrypted, and the key would be readable on its way. Use https.");
        if (string.IsNullOrWhiteSpace(endpoint.Model))
            throw new DecantException($"{path}model: expected the name of a model that the server has, came nothing.");
        if (endpoint.Timeout <= TimeSpan.Zero)
            throw new DecantException($"timeout: expected more than 0, came {endpoint.Timeout}.");
    }
}
