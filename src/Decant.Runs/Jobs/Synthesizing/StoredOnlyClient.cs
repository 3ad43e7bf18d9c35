using Decant.Runs.Preparing.ChatTeachers;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>An answer that no store has.</summary>
internal sealed class NotStoredException : Exception;

/// <summary>A client that reads a store and ends everything at the first answer that is not there.</summary>
internal sealed class StoredOnlyClient(RemoteAnswers answers) : DelegatingChatClient(ChatLine.Stored(answers))
{
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (PoisonedRequestException)
        {
            throw new NotStoredException();
        }
    }
}
