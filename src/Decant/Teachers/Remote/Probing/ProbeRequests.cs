using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Probing;

/// <summary>Sends the requests of a probe, and counts them.</summary>
/// <param name="client">What is probed.</param>
/// <param name="cancellationToken">Ends the probe.</param>
internal sealed class ProbeRequests(IChatClient client, CancellationToken cancellationToken)
{
    private readonly List<string> _refusals = [];

    public int Requests { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Sends a request.</summary>
    public async Task<ChatResponse> Send(string prompt, ChatOptions options)
    {
        Requests++;
        options.WithSample(Requests); // each is asked for itself, also where answers are stored
        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)], options, cancellationToken).ConfigureAwait(false);
        InputTokens += response.Usage?.InputTokenCount ?? 0;
        OutputTokens += response.Usage?.OutputTokenCount ?? 0;
        return response;
    }

    /// <summary>Sends a request that the server may refuse.</summary>
    /// <returns>The answer; null: it was refused, which is noted.</returns>
    public async Task<ChatResponse?> TrySend(string what, string prompt, ChatOptions options)
    {
        try
        {
            return await Send(prompt, options).ConfigureAwait(false);
        }
        catch (RemoteTeacherException error) when (error.Fault is RemoteFault.BadRequest or RemoteFault.Server or RemoteFault.BrokenAnswer)
        {
            _refusals.Add($"{what}: {error.Message}");
            return null;
        }
    }
}
