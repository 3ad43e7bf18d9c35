using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Answers with what is stored, and asks nobody: a request that was never answered is set aside.</summary>
/// <param name="answers">The answers; null: there are none.</param>
internal sealed class StoredChatClient(RemoteAnswers? answers) : IChatClient
{
    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(answers?.Read(ChatKey.Of([.. messages], options)) ?? throw new PoisonedRequestException(0, new RemoteTeacherException(RemoteFault.BadRequest, "It was not asked.")));

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Stored answers come as a whole.");

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
