using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Files;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat;

/// <summary>One message of a conversation, as chat templates see it.</summary>
/// <param name="Role">Who says it: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what else a template knows.</param>
/// <param name="Content">The text; null: the message has no key <c>content</c>, or the one in <see cref="Further"/>.</param>
public sealed record ChatTurn(string Role, string? Content)
{
    private static readonly string[] s_own = ["role", "content", "name", "tool_calls", "tool_call_id"];

    /// <summary>The name of who says it, or of the tool; null, the default: none.</summary>
    public string? Name { get; init; }

    /// <summary>Calls of tools, as <c>[{"type": "function", "function": {"name": …, "arguments": {…}}}]</c>; null, the default: none.</summary>
    public JsonArray? ToolCalls { get; init; }

    /// <summary>Which call a tool's result belongs to; null, the default: the message does not say it.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>All other keys, such as <c>reasoning_content</c>, or a <c>content</c> that is no text; null, the default: none.</summary>
    public JsonObject? Further { get; init; }

    internal bool IsAssistant => Role == "assistant";

    /// <summary>Whether nothing is said in it.</summary>
    internal bool IsEmpty => string.IsNullOrWhiteSpace(Content) && ToolCalls is not { Count: > 0 } && Parts?.Any(part => TextOf(part) is not { } text || !string.IsNullOrWhiteSpace(text)) is not true;

    /// <summary>The content where it is a list of parts, <c>[{"type": "text", "text": …}, …]</c>; null: it is none.</summary>
    internal JsonArray? Parts => Content is null ? Further?["content"] as JsonArray : null;

    /// <summary>The parts as a template that knows texts alone writes them: as Python shows a list; null: there are none.</summary>
    internal string? PartsAsList => Parts is { } parts ? PyShown.Text(JsonValues.Of(parts)) : null;

    /// <summary>It, with its parts as one text; null: a part is no text, or there are none.</summary>
    internal ChatTurn? WithJoinedParts() => Parts is not { } parts || parts.Any(part => TextOf(part) is null) ? null
        : this with { Content = string.Concat(parts.Select(TextOf)), Further = new(Further!.Where(member => member.Key != "content").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))) };

    /// <summary>A message from JSON, with all of its keys.</summary>
    /// <param name="message">An object with a <c>role</c>.</param>
    /// <exception cref="DecantException">There is no role, or a key has another kind of value.</exception>
    public static ChatTurn FromJson(JsonObject message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var role = Text(message, "role") ?? throw new DecantException("A message has no 'role': expected system, user, assistant or tool. Say whose it is.");
        var isText = message["content"]?.GetValueKind() == JsonValueKind.String;
        var further = message.Where(member => !s_own.Contains(member.Key) || (member.Key == "content" && !isText)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())).ToArray();
        return new(role, isText ? Text(message, "content") : null)
        {
            Name = Text(message, "name"),
            ToolCalls = message["tool_calls"] switch
            {
                null => null,
                JsonArray calls => (JsonArray)calls.DeepClone(),
                _ => throw new DecantException("tool_calls: expected a list of calls, came another value. Write [{\"function\": {\"name\": …, \"arguments\": {…}}}]."),
            },
            ToolCallId = Text(message, "tool_call_id"),
            Further = further.Length > 0 ? new JsonObject(further) : null,
        };
    }

    /// <summary>It, with the arguments of calls that are JSON in a text, as OpenAI's API has them, as the object that templates expect.</summary>
    internal ChatTurn WithReadArguments()
    {
        if (ToolCalls is null)
            return this;
        var calls = (JsonArray)ToolCalls.DeepClone();
        foreach (var call in calls)
        {
            var holder = (call as JsonObject)?["function"] as JsonObject ?? call as JsonObject;
            if (holder?["arguments"] is JsonValue value && value.TryGetValue<string>(out var text) && Parsed(text) is { } arguments)
                holder["arguments"] = arguments;
        }

        return this with { ToolCalls = calls };
    }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["role"] = Role };
        if (Content is not null)
            json["content"] = Content;
        if (Name is not null)
            json["name"] = Name;
        if (ToolCalls is not null)
            json["tool_calls"] = ToolCalls.DeepClone();
        if (ToolCallId is not null)
            json["tool_call_id"] = ToolCallId;
        foreach (var (key, value) in Further ?? [])
            if (!json.ContainsKey(key))
                json[key] = value?.DeepClone();
        return json;
    }

    // A part that is a text: as OpenAI's API has it, or without anything around it.
    private static string? TextOf(JsonNode? part) => ((part as JsonObject)?["type"] is JsonValue type && type.TryGetValue<string>(out var kind) && kind != "text" ? null : part is JsonObject own ? own["text"] : part) is JsonValue value
        && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Parsed(string text)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            JsonContent.Require(bytes);
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject message, string key) => message[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw new DecantException($"{key}: expected a text, came another value. Write it in quotes."),
    };
}
