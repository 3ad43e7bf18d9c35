using System.Text.Json;
using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Writing;

/// <summary>A chat model that writes of each text what a student is to write: sequence-level distillation learns from the teacher's texts (Kim and Rush 2016).</summary>
public sealed class ChatWriter : IChatQuestion<string, ChatWriting>
{
    private readonly IChatClient _client;
    private readonly ChatWriterOptions _options;
    private readonly WritingPrompt _prompt;

    /// <summary>A writer.</summary>
    /// <param name="client">The teacher, with its decorators; it stays its owner's.</param>
    /// <param name="options">What it is asked.</param>
    /// <exception cref="DecantException">The options are wrong: a prompt without <c>{text}</c>, ….</exception>
    public ChatWriter(IChatClient client, ChatWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_client, _options, _prompt) = (client, options, new WritingPrompt(options));
    }

    /// <summary>The messages by which a text is asked for.</summary>
    /// <param name="text">What it is to be about.</param>
    public IReadOnlyList<ChatMessage> Messages(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _prompt.Messages(text);
    }

    /// <summary>Writes of each text.</summary>
    /// <param name="texts">The texts, read as needed.</param>
    /// <param name="concurrency">How many at the same time, 1 or more; default: 8.</param>
    /// <param name="progress">Gets how many are done; null: nobody does.</param>
    /// <param name="cancellationToken">Ends requests that are out.</param>
    /// <returns>An answer for each text, in their order. After a failure nothing more is asked, and what was out is stored before the failure is thrown.</returns>
    /// <exception cref="DecantException">A failure that is not a text's own: the budget is spent, the key is wrong, the server is down.</exception>
    public IAsyncEnumerable<ChatWriting> WriteAsync(IEnumerable<string> texts, int concurrency = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        this.AskAsync(_client, texts, concurrency, progress, cancellationToken);

    int IChatQuestion<string, ChatWriting>.Samples => _options.Samples;

    ChatOptions IChatQuestion<string, ChatWriting>.Options(int sample)
    {
        var asked = _options.Request(_options.Samples > 1 ? sample : null, _options.MaxOutputTokens);
        asked.ResponseFormat = _options.Rationale is null ? null : ChatResponseFormat.Json;
        return asked;
    }

    ChatWriting IChatQuestion<string, ChatWriting>.Read(string item, IReadOnlyList<ChatResponse> responses)
    {
        var read = responses.Select(Read).ToArray();
        var usable = read.Where(r => r.Text is not null).DistinctBy(r => r.Text).ToArray();
        return usable.Length == 0 ? Abstained(read[0].Why!.Value) : new ChatWriting { Texts = [.. usable.Select(u => u.Text!)], Rationales = _options.Rationale is null ? [] : [.. usable.Select(u => u.Rationale!)] };
    }

    ChatWriting IChatQuestion<string, ChatWriting>.Abstained(AbstentionReason why, string? detail) => Abstained(why, detail);

    private static ChatWriting Abstained(AbstentionReason why, string? detail = null) => new() { Abstention = why, Detail = detail };

    private (string? Text, string? Rationale, AbstentionReason? Why) Read(ChatResponse response)
    {
        if (response.WhyNot() is { } why)
            return (null, null, why);
        if (_options.Rationale is null)
            return response.Text.Trim() is { Length: > 0 } text ? (text, null, null) : (null, null, AbstentionReason.Empty);
        var (json, fault) = JsonReply.Read(response.Text);
        if (json is not { } value)
            return (null, null, fault);
        var (answer, reasons) = (Of(value, "answer"), Of(value, "rationale"));
        return answer is null || reasons is null ? (null, null, AbstentionReason.OtherShape) : (answer, reasons, null);
    }

    private static string? Of(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var part) && JsonReply.TextOf(part)?.Trim() is { Length: > 0 } text ? text : null;
}
