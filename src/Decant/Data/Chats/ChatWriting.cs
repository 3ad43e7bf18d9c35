using System.Text.Json.Nodes;
using Decant.Text.Chat;

namespace Decant.Data.Chats;

/// <summary>Writes conversations by a template, and finds what the template does not know: parts, contents that are null, calls of tools.</summary>
/// <param name="render">Renders messages, with what the assistant says.</param>
internal sealed class ChatWriting(Func<IReadOnlyList<ChatTurn>, (string Text, IReadOnlyList<(int Turn, int Start, int End)> Spans)> render)
{
    private const string None = "None";

    /// <summary>The text, with what the assistant says; where the template writes lists of texts as Python shows them, they are joined before.</summary>
    /// <exception cref="DecantException">The template refuses the messages, or writes something else than is said in them.</exception>
    public (string Text, IReadOnlyList<(int Turn, int Start, int End)> Spans) Of(IReadOnlyList<ChatTurn> turns)
    {
        var written = render(turns);
        if (turns.Any(turn => IsWrittenAsList(turn, written.Text)))
        {
            turns = [.. turns.Index().Select(turn => !IsWrittenAsList(turn.Item, written.Text) ? turn.Item : turn.Item.WithJoinedParts() ?? throw new DecantException(
                $"The chat template knows texts alone, and message {turn.Index + 1} has parts that are none; give the message a text, or take a template that knows such parts."))];
            written = render(turns);
        }

        RefuseNone(turns, written.Text);
        return written;
    }

    /// <summary>What is wrong with how a message is written; null: nothing is.</summary>
    /// <param name="turn">The message.</param>
    /// <param name="written">What the template writes of it.</param>
    public static string? FaultOfCalls(ChatTurn turn, ReadOnlySpan<char> written)
    {
        foreach (var call in turn.ToolCalls ?? [])
            if (((call as JsonObject)?["function"] ?? call) is JsonObject function && function["name"] is JsonValue value && value.TryGetValue<string>(out var name) && !written.Contains(name, StringComparison.Ordinal))
                return $"the chat template does not write the call of '{name}', which is to be learned; take a template that knows calls of tools, set learn-tool-calls: false, or take the conversation out";
        return null;
    }

    private static bool IsWrittenAsList(ChatTurn turn, string text) => turn.PartsAsList is { } list && text.Contains(list, StringComparison.Ordinal);

    // A content that is null beside calls of tools: many templates write None for it.
    private void RefuseNone(IReadOnlyList<ChatTurn> turns, string text)
    {
        var (index, turn) = turns.Index().FirstOrDefault(turn => turn.Item is { Content: null, Parts: null, Further: { } further } && further.ContainsKey("content") && further["content"] is null);
        if (turn is null || !text.Contains(None, StringComparison.Ordinal))
            return;
        var filled = turns.Select((other, i) => i == index ? other with { Content = "" } : other).ToArray();
        if (Count(text) > Count(render(filled).Text))
            throw new DecantException($"The chat template writes '{None}' for the content of message {index + 1}, which is null; write \"\" there, or correct the template.");
    }

    private static int Count(string text) => text.AsSpan().Count(None);
}
