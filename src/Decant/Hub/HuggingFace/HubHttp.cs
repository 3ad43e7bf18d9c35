using System.Net;
using System.Net.Http.Headers;

namespace Decant.Hub.HuggingFace;

/// <summary>Sends requests to the hub and follows its redirects, by hand: the token goes to the hub alone, and what it says of a file stands in its own answer.</summary>
internal sealed class HubHttp : IDisposable
{
    private const int MostRedirects = 10;
    private static readonly TimeSpan s_longestConnect = TimeSpan.FromSeconds(15);

    private readonly HubSettings _settings;
    private readonly HttpMessageInvoker _http;

    /// <param name="settings">The hub, and who asks.</param>
    public HubHttp(HubSettings settings)
    {
        _settings = settings;
        // No decompression: sizes and hashes are those of the bytes as they are stored.
        _http = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = s_longestConnect });
    }

    /// <summary>Whether the token may be sent: to the hub itself, encrypted, or to one on this machine.</summary>
    public bool SendsToken => _settings.Token is not null && (_settings.Endpoint.Scheme == Uri.UriSchemeHttps || _settings.Endpoint.IsLoopback);

    /// <summary>Asks for something and follows redirects.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">On the hub.</param>
    /// <param name="from">The first byte that is wanted; 0: all.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The answer, whose status the caller looks at; its content is not read yet.</returns>
    /// <exception cref="TransientFault">No connection, or no answer in time.</exception>
    /// <exception cref="DecantException">The redirects lead nowhere.</exception>
    public async Task<HubResponse> Send(HttpMethod method, Uri address, long from, CancellationToken cancellationToken)
    {
        HubResponse? way = null;
        var been = new HashSet<Uri>();
        for (var at = address; ; at = Next(address, at, way.Last, been))
        {
            var answer = await Send(Request(method, at, from), cancellationToken).ConfigureAwait(false);
            var before = way;
            way = new HubResponse(answer);
            if (before is not null)
                way.Continue(before);
            if (IsHub(at))
                way.Take(answer);
            // The hub describes a large file in the redirect itself; its own host is where a renamed repository is found.
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || (method == HttpMethod.Head && way.Hash is not null && way.Size is not null))
                return way;
            using (answer)
                been.Add(at);
        }
    }

    public void Dispose() => _http.Dispose();

    private bool IsHub(Uri at) => Uri.Compare(at, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private HttpRequestMessage Request(HttpMethod method, Uri at, long from)
    {
        var request = new HttpRequestMessage(method, at);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("decant", typeof(HubHttp).Assembly.GetName().Version?.ToString(3)));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        if (SendsToken && IsHub(at))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token!.Secret);
        return request;
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(_settings.AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, time.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new TransientFault($"no connection to {request.RequestUri!.Host} ({HubText.Foreign((error.InnerException ?? error).Message)})", null, error);
        }
        catch (IOException error)
        {
            throw new TransientFault($"{request.RequestUri!.Host} closed the connection without an answer", null, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault($"{request.RequestUri!.Host} did not answer in {HubText.Duration(_settings.AnswerTimeout)}", null, error);
        }
        finally
        {
            request.Dispose();
        }
    }

    private static Uri Next(Uri first, Uri at, HttpResponseMessage answer, HashSet<Uri> been)
    {
        if (answer.Headers.Location is not { } location)
            throw new DecantException($"{HubText.Shown(at)} redirects ({(int)answer.StatusCode}) without saying where to. If HF_ENDPOINT names a mirror, look there; otherwise try again later.");
        var next = new Uri(at, location);
        if (been.Contains(next) || been.Count >= MostRedirects)
            throw new DecantException($"{HubText.Shown(first)} redirects in a circle ({been.Count} redirects, the last to {HubText.Shown(next)}). If HF_ENDPOINT names a mirror, look there; otherwise try again later.");
        if (next.Scheme is not ("https" or "http") || (at.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps))
            throw new DecantException($"{HubText.Shown(first)} redirects from https to {HubText.Shown(next)}, where everybody on the way could read and change it; it was not followed. Check HF_ENDPOINT and the proxy.");
        return next;
    }
}
