using System.Buffers;
using System.Text.Json;
using Decant.Teachers.Answers.Storage;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Storing;

/// <summary>The key of a request: its messages and all options that an answer depends on. What is left out and what is null are the same.</summary>
internal static class ChatKey
{
    /// <summary>The key of a request.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options; null: none.</param>
    /// <exception cref="DecantException">The options hold a factory, whose effect cannot be seen.</exception>
    public static AnswerKey Of(IEnumerable<ChatMessage> messages, ChatOptions? options) => AnswerKey.Of(Written(writer => Write(writer, options ?? new ChatOptions())), Written(writer => Write(writer, messages)));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            write(writer);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages)
    {
        writer.WriteStartArray();
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role.Value);
            if (message.AuthorName is { } author)
                writer.WriteString("author", author);
            if (message.Contents.All(content => content is TextContent))
                writer.WriteString("text", message.Text);
            else
                Serialize(writer, "contents", message.Contents);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ChatOptions options)
    {
        if (options.RawRepresentationFactory is not null)
            throw new DecantException("Stored answers: ChatOptions.RawRepresentationFactory changes a request in a way that cannot be seen, so its answer would have no key. Say it in AdditionalProperties.");
        var all = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["conversation"] = options.ConversationId,
            ["frequency_penalty"] = options.FrequencyPenalty,
            ["instructions"] = options.Instructions,
            ["max_tokens"] = options.MaxOutputTokens,
            ["model"] = options.ModelId,
            ["presence_penalty"] = options.PresencePenalty,
            ["reasoning"] = options.Reasoning,
            ["response_format"] = options.ResponseFormat,
            ["seed"] = options.Seed,
            ["stop"] = options.StopSequences,
            ["temperature"] = options.Temperature,
            ["tool_mode"] = options.ToolMode,
            ["tools"] = options.Tools?.Select(tool => $"{tool.Name}\n{tool.Description}\n{(tool as AIFunctionDeclaration)?.JsonSchema.GetRawText()}").ToArray(),
            ["top_k"] = options.TopK,
            ["top_p"] = options.TopP,
        };
        foreach (var (name, value) in options.AdditionalProperties ?? [])
            all["+" + name] = value;
        writer.WriteStartObject();
        foreach (var (name, value) in all.Where(pair => pair.Value is not null))
            Serialize(writer, name, value!);
        writer.WriteEndObject();
    }

    private static void Serialize(Utf8JsonWriter writer, string name, object value)
    {
        writer.WritePropertyName(name);
        try
        {
            JsonSerializer.Serialize(writer, value, value.GetType(), AIJsonUtilities.DefaultOptions);
        }
        catch (NotSupportedException error)
        {
            throw new DecantException($"Stored answers: '{name}' of the request is a {value.GetType().Name}, which has no JSON, so its answer would have no key. Say it by numbers and texts.", ExitCodes.BadInput, error);
        }
    }
}
