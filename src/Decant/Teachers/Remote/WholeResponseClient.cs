using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote;

/// <summary>A decorator whose streams are whole answers: a teacher's answer is used as a whole, and a part of one is none.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
internal abstract class WholeResponseClient(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <inheritdoc/>
    public abstract override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public sealed override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
            yield return update;
    }
}
