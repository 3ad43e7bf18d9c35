using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>The official client, with what it has no members for: logprobs and other keys of the wire, asked and answered by <c>AdditionalProperties</c>.</summary>
/// <param name="inner">The official client; disposed with this.</param>
/// <param name="endpoint">Where it asks.</param>
internal sealed class EndpointChatClient(IChatClient inner, RemoteEndpoint endpoint) : WholeResponseClient(inner)
{
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var response = await base.InnerClient.GetResponseAsync(messages, OpenAIWire.Asked(options, endpoint), cancellationToken).ConfigureAwait(false);
            OpenAIWire.Note(response);
            return response;
        }
        catch (Exception error) when (error is not (RemoteTeacherException or OperationCanceledException))
        {
            throw new RemoteTeacherException(RemoteFault.BrokenAnswer, $"{endpoint.Address}: the answer cannot be read: {error.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(RemoteEndpoint) ? endpoint : base.GetService(serviceType, serviceKey);
}
