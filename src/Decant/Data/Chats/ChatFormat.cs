using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Data.Sources;
using Decant.Files;
using Decant.Text.Chat;

namespace Decant.Data.Chats;

/// <summary>Reads conversations.</summary>
internal sealed class ChatFormat : RowFormat
{
    private const string ShareGpt = "conversations";

    private readonly ChatFileOptions _options;
    private readonly ChatTemplate _template;

    /// <exception cref="DecantException">There is no template.</exception>
    public ChatFormat(ChatFileOptions options) => (_options, _template) = (options, TemplateOfChats.Of(options));

    /// <inheritdoc/>
    public override RecordScanner Scan(Stream stream, string file) => JsonArrayScanner.Begins(stream) ? new JsonArrayScanner(stream, file) : base.Scan(stream, file);

    /// <inheritdoc/>
    public override Row Read(ReadOnlyMemory<byte> record, Encoding encoding)
    {
        var fields = Parse(TextEncoding.Decode(encoding, record.Span));
        try
        {
            ChatTurn[] turns = [.. Turns(fields).Select(turn => turn.WithReadArguments())];
            if (ChatOrder.FaultOf(turns) is { } fault) throw new RowFaultException(fault);
            var tools = fields[_options.Tools] switch { null => null, JsonArray list => list, _ => throw new RowFaultException($"'{_options.Tools}' must be a list of tools") };
            var own = Rendered(turns, tools);
            if (own.Spans.Count == 0) throw new RowFaultException("nothing is learned of the conversation: what the assistant says has the weight 0, or are calls of tools where 'learn-tool-calls' is false; take it out");
            return new Row(own.Text, null, null) { Content = own with { OfTeacher = OfTeacher(fields, turns, tools) }, Tag = Optional(fields, _options.Tag) };
        }
        catch (DecantException fault)
        {
            throw new RowFaultException(fault.Message.TrimEnd('.'));
        }
    }

    // A weight of 0 gives a message, as in OpenAI's format for fine-tuning.
    private bool IsLearned(ChatTurn turn, int index)
    {
        var weight = turn.Further?["weight"];
        if (weight is not null && (weight is not JsonValue value || !value.TryGetValue<double>(out var number) || number is not (0 or 1)))
            throw new RowFaultException($"message {index + 1} has the weight {weight.ToJsonString()}: expected 0, given, or 1, learned");
        return weight?.GetValue<double>() is not 0 && (_options.LearnToolCalls || turn.ToolCalls is not { Count: > 0 });
    }

    private ChatContent Rendered(ChatTurn[] turns, JsonArray? tools)
    {
        var (text, spans) = new ChatWriting(some => _options.LastTurnOnly ? _template.RenderWithLastSpan(some, tools) : _template.RenderWithSpans(some, tools)).Of(turns);
        (int Turn, int Start, int End)[] learned = [.. spans.Where(span => IsLearned(turns[span.Turn], span.Turn))];
        foreach (var (turn, start, end) in learned)
            if (ChatWriting.FaultOfCalls(turns[turn], text.AsSpan(start..end)) is { } fault) throw new RowFaultException(fault);
        return new(text, [.. learned.Select(span => (span.Start, span.End))]);
    }

    private ChatContent? OfTeacher(JsonObject fields, ChatTurn[] turns, JsonArray? tools)
    {
        if ((_options.ContextOfAll ?? Optional(fields, _options.Context)) is not { } context) return null;
        // A conversation has one system message: the teacher's stands before what the student is given too.
        return turns[0].Role is "system" or "developer"
            ? Rendered([new ChatTurn(turns[0].Role, $"{context}\n\n{turns[0].Content ?? turns[0].WithJoinedParts()?.Content}"), .. turns[1..]], tools)
            : Rendered([new ChatTurn("system", context), .. turns], tools);
    }

    private static string? Optional(JsonObject fields, string? name) => name is null || fields[name] is not { } value ? null
        : value is JsonValue single && single.TryGetValue<string>(out var text) ? NullIfEmpty(text)
        : throw new RowFaultException($"'{name}' must be a text");

    private static JsonObject Parse(string record)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(record);
            JsonContent.Require(bytes);
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new RowFaultException("expected a JSON object with a conversation, came another value");
        }
        catch (JsonException error)
        {
            throw new RowFaultException($"this is not JSON, one object per line or an array of objects ({error.Message.Split(" LineNumber:")[0]})");
        }
    }

    private IEnumerable<ChatTurn> Turns(JsonObject fields)
    {
        if (fields[_options.Messages] is JsonArray messages)
            return messages.Select(message => ChatTurn.FromJson(message as JsonObject ?? throw new RowFaultException($"'{_options.Messages}' must hold objects with 'role' and 'content'")));
        if (fields[ShareGpt] is JsonArray conversation)
            return conversation.Select(message => Said(message as JsonObject ?? throw new RowFaultException($"'{ShareGpt}' must hold objects with 'from' and 'value'")));
        if ((fields[_options.Messages] ?? fields[ShareGpt]) is { } other)
            throw new RowFaultException($"'{other.GetPropertyName()}' must be a list of messages, came {(other.GetValueKind() == JsonValueKind.String ? "a text; write the list itself, not its JSON in quotes" : "another value")}");
        throw new RowFaultException($"the object has no list '{_options.Messages}' or '{ShareGpt}'; it has {string.Join(", ", fields.Select(field => $"'{field.Key}'").Take(8))}");
    }

    private static ChatTurn Said(JsonObject message)
    {
        var (from, value) = (Word(message, "from"), Word(message, "value"));
        if (message.FirstOrDefault(member => member.Key is not ("from" or "value")) is { Key: { } other })
            throw new RowFaultException($"a message of '{ShareGpt}' has 'from' and 'value', and this one has '{other}' too; write it as 'messages'");
        return new(from switch
        {
            "system" => "system",
            "human" or "user" => "user",
            "gpt" or "assistant" or "chatgpt" or "bot" => "assistant",
            "tool" or "observation" => "tool",
            _ => throw new RowFaultException($"'from' must be system, human, gpt or tool, came '{from}'"),
        }, value);
    }

    private static string Word(JsonObject message, string name) =>
        message[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new RowFaultException($"'{name}' of a message must be a text");
}
