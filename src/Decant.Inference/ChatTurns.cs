using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Text.Chat;
using Microsoft.Extensions.AI;

namespace Decant.Inference;

/// <summary>Messages of Microsoft.Extensions.AI as chat templates see them.</summary>
internal static class ChatTurns
{
    /// <summary>The conversation.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">A system message before them; null: none.</param>
    /// <exception cref="NotSupportedException">A message has something that is no text, reasoning, call or result.</exception>
    public static IReadOnlyList<ChatTurn> Of(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var turns = new List<ChatTurn>();
        if (instructions is not null)
            turns.Add(new("system", instructions));
        foreach (var message in messages)
            Add(turns, message);
        return turns;
    }

    private static void Add(List<ChatTurn> turns, ChatMessage message)
    {
        if (message.Contents.FirstOrDefault(content => content is not (Microsoft.Extensions.AI.TextContent or TextReasoningContent or FunctionCallContent or FunctionResultContent or UsageContent)) is { } other)
            throw new NotSupportedException($"A message with {other.GetType().Name} cannot be made a prompt of: texts, reasoning, calls of functions and their results can. Leave it out.");
        turns.AddRange(message.Contents.OfType<FunctionResultContent>().Select(result => new ChatTurn("tool", Shown(result.Result)) { ToolCallId = result.CallId }));
        var calls = message.Contents.OfType<FunctionCallContent>().Select(Call).ToArray();
        var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
        if (message.Contents.Any(content => content is FunctionResultContent) && message.Text.Length + calls.Length == 0)
            return;
        turns.Add(new(message.Role.Value, message.Text)
        {
            Name = message.AuthorName,
            ToolCalls = calls.Length > 0 ? new JsonArray(calls) : null,
            Further = reasoning.Length > 0 ? new JsonObject { ["reasoning_content"] = reasoning } : null,
        });
    }

    private static JsonNode Call(FunctionCallContent call) => new JsonObject
    {
        ["id"] = call.CallId,
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = call.Name,
            ["arguments"] = new JsonObject((call.Arguments ?? new Dictionary<string, object?>()).Select(argument => KeyValuePair.Create(argument.Key, Node(argument.Value)))),
        },
    };

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        float number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        IEnumerable<object?> items => new JsonArray([.. items.Select(Node)]),
        _ => throw new NotSupportedException($"An argument of the type {value.GetType().Name} cannot be made a prompt of: texts, numbers, truth values, lists of them and JSON can."),
    };

    private static string Shown(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        JsonElement element => element.GetRawText(),
        JsonNode node => node.ToJsonString(),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        _ => throw new NotSupportedException($"A result of the type {result.GetType().Name} cannot be made a prompt of: texts, numbers, truth values and JSON can."),
    };
}
