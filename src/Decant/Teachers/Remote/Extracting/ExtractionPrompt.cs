using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>The messages that ask for the spans of a text.</summary>
internal static class ExtractionPrompt
{
    /// <summary>The names of what an answer consists of.</summary>
    public const string Spans = "spans", Type = "type", Text = "text";

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The messages of checked options.</summary>
    public static IReadOnlyList<ChatMessage> Of(ChatExtractorOptions options, string text)
    {
        var messages = new List<ChatMessage> { new(ChatRole.System, Rules(options)) };
        foreach (var example in options.Examples)
        {
            messages.Add(new ChatMessage(ChatRole.User, Question(options, example.Text)));
            messages.Add(new ChatMessage(ChatRole.Assistant, Answer(example.Spans)));
        }

        messages.Add(new ChatMessage(ChatRole.User, Question(options, text)));
        return messages;
    }

    /// <summary>The answer that lists some spans.</summary>
    public static string Answer(IEnumerable<ChatMention> spans) =>
        new JsonObject { [Spans] = new JsonArray([.. spans.Select(s => (JsonNode)new JsonObject { [Type] = s.Type, [Text] = s.Text })]) }.ToJsonString(s_plain);

    private static string Rules(ChatExtractorOptions options)
    {
        var rules = new StringBuilder(options.Instruction).Append("\n\nTypes:\n");
        foreach (var type in options.Types)
            rules.Append("- ").Append(type.Name).Append(string.IsNullOrWhiteSpace(type.Description) ? "" : $" ({type.Description})").Append('\n');
        return rules.Append('\n').Append(TextFrame.Rule("search")).Append('\n')
            .Append("Answer with JSON alone: {\"spans\": [{\"type\": \"the name of the type\", \"text\": \"the words exactly as they stand in the text\"}]}, in the order of the text. ")
            .Append("Spans do not overlap. What stands in the text several times is listed each time. Where there are none: {\"spans\": []}.").ToString();
    }

    private static string Question(ChatExtractorOptions options, string text) => options.Prompt.Replace(ChatExtractorOptions.TextPlace, TextFrame.Of(text), StringComparison.Ordinal);
}
