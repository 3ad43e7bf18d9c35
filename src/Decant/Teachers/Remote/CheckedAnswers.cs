using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Decant.Teachers.Remote;

/// <summary>Sends requests and checks what comes, before the official client reads it: whole, JSON, of the right model, without the key. Each failure becomes a <see cref="RemoteTeacherException"/> here.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="key">Its key, which is taken out of what a server echoes.</param>
/// <param name="inner">What sends; disposed with this.</param>
internal sealed class CheckedAnswers(RemoteEndpoint endpoint, RemoteKey key, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostBytes = 256 << 20;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(endpoint.Timeout);
        try
        {
            var response = await base.SendAsync(request, limit.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(MostBytes, limit.Token).ConfigureAwait(false);
            var text = key.Redact(await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false));
            Check(response, text);
            var type = response.Content.Headers.ContentType ?? new MediaTypeHeaderValue("application/json");
            response.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(type.MediaType ?? "application/json");
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault(RemoteFault.Timeout, $"nothing whole came within {endpoint.Timeout.TotalSeconds:0.###} seconds. Raise the timeout, or ask for less.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw ConnectionFault.Of(error) switch
            {
                RemoteFault.Certificate => Fault(RemoteFault.Certificate, "its certificate is not trusted. Use the address that the certificate is for, or install the authority's certificate in the system.", error),
                RemoteFault.Unreachable => Fault(RemoteFault.Unreachable, "no connection could be made. See that the server runs and the address is right.", error),
                _ => Fault(RemoteFault.Connection, "the connection was cut before the whole answer had come.", error),
            };
        }
    }

    private void Check(HttpResponseMessage response, string text)
    {
        if (!response.IsSuccessStatusCode)
            throw ErrorReply.Read(endpoint, response.StatusCode, text, ErrorReply.Wait(response.Headers.RetryAfter, DateTimeOffset.UtcNow));
        if (response.Content.Headers.ContentType?.MediaType == "text/html" || text.AsSpan().TrimStart().StartsWith("<"))
            throw Fault(RemoteFault.NotAnApi, "expected JSON, came a web page. See that the address is that of the API, such as https://…/v1.");
        try
        {
            using var json = JsonDocument.Parse(text);
            CheckContent(json.RootElement);
        }
        catch (JsonException error)
        {
            throw Fault(RemoteFault.BrokenAnswer, $"expected JSON, came {text.Length:N0} characters that are not, or not all of it.", error);
        }
    }

    private void CheckContent(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Fault(RemoteFault.BrokenAnswer, "expected a JSON object, came something else.");
        if (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null)
            throw ErrorReply.Read(endpoint, HttpStatusCode.InternalServerError, root.GetRawText(), null); // some proxies say 200 with it
        if (!IsFull(root, "choices") && !IsFull(root, "data"))
            throw Fault(RemoteFault.BrokenAnswer, "expected 'choices' or 'data', came JSON without them.");
        if (endpoint.ExpectedModel is { } expected && root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String && model.GetString() != expected)
            throw Fault(RemoteFault.WrongModel, $"expected an answer of '{expected}', came one of '{model.GetString()}'.");
    }

    private static bool IsFull(JsonElement root, string name) => root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0;

    // A cause may hold what the server wrote.
    private RemoteTeacherException Fault(RemoteFault fault, string what, Exception? error = null) =>
        new(fault, $"{endpoint.Address}: {what}", null, error is null || (key.IsSecret && error.ToString().Contains(key.Secret, StringComparison.Ordinal)) ? null : error);
}
