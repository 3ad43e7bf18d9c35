using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>Sends no more than allowed.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="limiter">The limit.</param>
internal sealed class RateLimitedChatClient(IChatClient inner, RateLimiter limiter) : WholeResponseClient(inner)
{
    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = messages.ToList();
        return limiter.Run(PromptSize.About(prompt, options), Send, cancellationToken);

        async Task<(ChatResponse, long?)> Send()
        {
            var response = await InnerClient.GetResponseAsync(prompt, options, cancellationToken).ConfigureAwait(false);
            return (response, response.Usage?.TotalTokenCount);
        }
    }
}
