using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>Sends again what may succeed later.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="patience">How long.</param>
internal sealed class RetryChatClient(IChatClient inner, Patience patience) : WholeResponseClient(inner)
{
    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = messages.ToList();
        return patience.Run(cancel => InnerClient.GetResponseAsync(prompt, options, cancel), cancellationToken);
    }
}
