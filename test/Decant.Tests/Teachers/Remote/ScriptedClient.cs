using Microsoft.Extensions.AI;

namespace Decant.Tests.Teachers.Remote;

/// <summary>A chat client without a wire: what a test says.</summary>
/// <param name="answer">The answer to the request of a number from 0, with the text of its last message.</param>
internal sealed class ScriptedClient(Func<int, string, Task<ChatResponse>> answer) : IChatClient
{
    private int _sent;

    public ScriptedClient(Func<int, ChatResponse> answer)
        : this((number, _) => Task.FromResult(answer(number)))
    {
    }

    public int Sent => _sent;

    public static ChatResponse Said(string text, long? input = null, long? output = null) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        Usage = input is null ? null : new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output },
        FinishReason = ChatFinishReason.Stop,
    };

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        answer(Interlocked.Increment(ref _sent) - 1, messages.Last().Text).WaitAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
