using System.Text.Json;
using Decant.Teachers.Remote.Limits;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>Sends prompts of token ids to <c>/completions</c>, within its limits.</summary>
internal sealed class CompletionClient : IDisposable
{
    private readonly RemoteEndpoint _endpoint;
    private readonly TokenScorerOptions _options;
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly RateLimiter _rate;
    private readonly Patience _patience;
    private readonly RequestBudget? _budget;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="endpoint">Where the model is.</param>
    /// <param name="options">What it is asked for.</param>
    /// <param name="limits">How much is sent.</param>
    /// <param name="http">What sends, with the key; disposed with this.</param>
    /// <param name="clock">The clock.</param>
    public CompletionClient(RemoteEndpoint endpoint, TokenScorerOptions options, TokenScorerLimits limits, HttpClient http, TimeProvider clock)
    {
        (_endpoint, _options, _http, _budget) = (endpoint, options, http, limits.Budget);
        _address = new Uri($"{endpoint.Address.AbsoluteUri.TrimEnd('/')}/completions");
        _rate = new RateLimiter(limits.Rate, clock);
        _patience = new Patience(limits.Retry, clock, LimitExtensions.Jitter);
    }

    /// <summary>The reply to a prompt; the caller disposes it.</summary>
    /// <exception cref="RemoteTeacherException">It failed as often as it may, or another attempt would not change it.</exception>
    /// <exception cref="BudgetExceededException">It was not sent.</exception>
    public Task<JsonDocument> Ask(IReadOnlyList<int> ids, CancellationToken cancellationToken) => _rate.Run(
        ids.Count + _options.Generated,
        async () =>
        {
            var reply = await Patiently(ids, cancellationToken).ConfigureAwait(false);
            return (reply, CompletionReply.Usage(reply.RootElement) is { } usage ? usage.InputTokenCount + usage.OutputTokenCount : null);
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A text that a student wrote has no row that could be set aside.
    private async Task<JsonDocument> Patiently(IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        try
        {
            return await _patience.Run(cancel => Paid(ids, cancel), cancellationToken).ConfigureAwait(false);
        }
        catch (PoisonedRequestException error)
        {
            throw new RemoteTeacherException(error.Fault, $"{error.InnerException!.Message} It was tried {error.Attempts} times. Go on when the server answers.", null, error);
        }
    }

    private async Task<JsonDocument> Paid(IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        if (_budget is null)
            return await Send(ids, cancellationToken).ConfigureAwait(false);
        var reserved = await _budget.Reserve(ids.Count, _options.Generated, cancellationToken).ConfigureAwait(false);
        JsonDocument reply;
        try
        {
            reply = await Send(ids, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _budget.Failed(reserved);
            throw;
        }

        _budget.Answered(reserved, CompletionReply.Usage(reply.RootElement));
        return reply;
    }

    private async Task<JsonDocument> Send(IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        using var body = CompletionRequest.Of(_endpoint.Model, ids, _options);
        using var response = await _http.PostAsync(_address, body, cancellationToken).ConfigureAwait(false);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }
}
