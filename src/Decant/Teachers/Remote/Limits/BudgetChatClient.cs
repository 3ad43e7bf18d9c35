using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Limits;

/// <summary>Sends no request that the budget might not allow, and counts what each costs.</summary>
/// <param name="inner">What is asked; disposed with this.</param>
/// <param name="budget">The budget.</param>
internal sealed class BudgetChatClient(IChatClient inner, RequestBudget budget) : WholeResponseClient(inner)
{
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = messages.ToList();
        var limited = options?.Clone() ?? new ChatOptions();
        var most = limited.MaxOutputTokens ??= budget.MaxOutputTokens;
        var reserved = await budget.Reserve(PromptSize.Most(prompt, limited), most * Choices(limited), cancellationToken).ConfigureAwait(false);
        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(prompt, limited, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            budget.Failed(reserved);
            throw;
        }

        budget.Answered(reserved, response.Usage);
        return response;
    }

    private static long Choices(ChatOptions options) => options.AdditionalProperties?.TryGetValue(RequestNames.Choices, out int choices) == true ? Math.Max(1, choices) : 1;
}
