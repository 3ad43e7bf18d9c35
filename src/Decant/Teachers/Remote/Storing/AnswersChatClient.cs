using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>Asks only for what is not stored.</summary>
/// <param name="inner">What is asked; disposed with this, the answers are not.</param>
/// <param name="answers">The answers.</param>
internal sealed class AnswersChatClient(IChatClient inner, RemoteAnswers answers) : WholeResponseClient(inner)
{
    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = messages.ToList();
        return answers.Ask(ChatKey.Of(prompt, options), cancel => InnerClient.GetResponseAsync(prompt, options, cancel), cancellationToken);
    }
}
