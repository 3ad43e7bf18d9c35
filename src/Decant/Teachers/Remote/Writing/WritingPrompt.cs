using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Teachers.Remote.Asking;
using Microsoft.Extensions.AI;

namespace Decant.Teachers.Remote.Writing;

/// <summary>The messages by which a text is asked for.</summary>
/// <param name="options">Checked options.</param>
internal sealed class WritingPrompt(ChatWriterOptions options)
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A text that is the whole question is an instruction itself, and has no frame.
    private bool IsFramed => options.Instruction.Length > 0;

    /// <summary>The messages about a text.</summary>
    public IReadOnlyList<ChatMessage> Messages(string text)
    {
        var messages = new List<ChatMessage>();
        if (Rules() is { Length: > 0 } rules)
            messages.Add(new(ChatRole.System, rules));
        foreach (var example in options.Examples)
        {
            messages.Add(new(ChatRole.User, Question(example.Text)));
            messages.Add(new(ChatRole.Assistant, options.Rationale is null ? example.Answer : JsonSerializer.Serialize(new { answer = example.Answer, rationale = example.Rationale }, s_json)));
        }

        messages.Add(new(ChatRole.User, Question(text)));
        return messages;
    }

    private string Rules()
    {
        var rules = new StringBuilder(options.Instruction);
        if (IsFramed)
            rules.Append("\n\n").Append(TextFrame.Rule("work on"));
        if (options.Rationale is { } rationale)
            rules.Append(rules.Length > 0 ? "\n\n" : "").Append(rationale.Instruction).Append("\nAnswer with JSON alone: {\"answer\": \"the answer\", \"rationale\": \"the reasons\"}.");
        return rules.ToString();
    }

    private string Question(string text) => options.Prompt.Replace(ChatWriterOptions.TextPlace, IsFramed ? TextFrame.Of(text) : text, StringComparison.Ordinal);
}
