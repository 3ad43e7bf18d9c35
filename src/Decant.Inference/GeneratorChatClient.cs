using System.Runtime.CompilerServices;
using Decant.Text.Chat;
using Microsoft.Extensions.AI;

namespace Decant.Inference;

/// <summary>A language model as a chat client.</summary>
/// <param name="generator">The model; stays the caller's.</param>
/// <param name="template">Makes prompts of messages.</param>
internal sealed class GeneratorChatClient(TextGenerator generator, ChatTemplate template) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("decant", defaultModelId: generator.Name);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            updates.Add(update);
        return updates.ToChatResponse();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var (turns, chosen) = (ChatTurns.Of(messages, options?.Instructions), ChatChoices.Of(options, generator.Name));
        var id = Guid.NewGuid().ToString("N");
        using var reply = await Task.Run(() => generator.BeginChat(turns, chosen, template), cancellationToken).ConfigureAwait(false);
        while (reply.End is null)
        {
            var piece = await Task.Run(reply.Next, cancellationToken).ConfigureAwait(false);
            if (piece.Length > 0)
                yield return Update(new Microsoft.Extensions.AI.TextContent(piece));
        }

        if (reply.Rest() is { Length: > 0 } rest)
            yield return Update(new Microsoft.Extensions.AI.TextContent(rest));
        var last = Update(new UsageContent(new() { InputTokenCount = reply.PromptTokens, OutputTokenCount = reply.Tokens, TotalTokenCount = (long)reply.PromptTokens + reply.Tokens }));
        last.FinishReason = reply.End is GeneratedEnd.StopToken or GeneratedEnd.StopText ? ChatFinishReason.Stop : ChatFinishReason.Length;
        yield return last;

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = generator.Name };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_metadata) ? _metadata
            : serviceType.IsInstanceOfType(generator) ? generator : null;
    }

    /// <summary>Leaves the generator open.</summary>
    public void Dispose()
    {
    }
}
