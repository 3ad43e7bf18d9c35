using Decant.Text.Chat.Jinja.Running;

namespace Decant.Text.Chat;

/// <summary>Finds what the assistant says in the text of a conversation.</summary>
internal static class ChatSpans
{
    /// <summary>The text, with the assistant's parts.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="onlyLast">Whether the last message of the assistant alone is looked for.</param>
    /// <param name="render">Renders messages, with the generation prompt or without.</param>
    /// <exception cref="DecantException">A message of the assistant is empty, or the parts cannot be found.</exception>
    public static ChatText Of(IReadOnlyList<ChatTurn> messages, bool onlyLast, Func<IEnumerable<ChatTurn>, bool, RenderState> render)
    {
        ArgumentNullException.ThrowIfNull(messages);
        int[] turns = [.. messages.Index().Where(message => message.Item.IsAssistant).Select(message => message.Index)];
        if (turns.Where(turn => messages[turn].IsEmpty).ToArray() is [var empty, ..])
            throw new DecantException($"Message {empty + 1} of the assistant is empty: expected a text or calls of tools. Fill it, or leave the conversation out.");
        if (onlyLast)
            turns = turns[^Math.Min(1, turns.Length)..];
        var whole = render(messages, false);
        if (whole.HasLostGeneration)
            throw new DecantException("The chat template has {% generation %} within a macro or a value, where its place in the text is not known. Move it out of there.");
        var probe = new ChatProbe(messages, whole.Text, some => render(some, false).Text);
        (int Turn, int Start, int End)[] spans = whole.Generations.Count > 0 ? Marked(messages, turns, whole, onlyLast) : [.. turns.Select(turn => ByPrefix(messages, turn, whole.Text, render, probe))];
        if (whole.Generations.Count == 0 && spans is [.., var (final, _, _)] && final == messages.Count - 1 && probe.BeginsAnother())
            throw new DecantException("The chat template begins another message behind the last one, though no generation prompt is asked for, so that it is not known where the assistant's message ends. Write 'if add_generation_prompt' around it in a copy of the template.");
        foreach (var (turn, start, end) in spans)
            if (messages[turn].Content is { } said && !whole.Text.AsSpan(start..end).Contains(said.AsSpan().Trim(), StringComparison.Ordinal) && probe.IsLeftOut(turn))
                throw new DecantException($"The chat template writes nothing of what message {turn + 1} says: does it know lists of parts alone? Give the content as [{{\"type\": \"text\", \"text\": …}}], or correct the template.");
        return new(whole.Text, spans);
    }

    private static (int, int, int)[] Marked(IReadOnlyList<ChatTurn> messages, int[] turns, RenderState whole, bool onlyLast)
    {
        var marks = whole.Generations;
        var all = messages.Count(message => message.IsAssistant);
        if (marks.Count != all)
            throw new DecantException($"The chat template marks {marks.Count} parts with {{% generation %}}, and the conversation has {all} messages of the assistant: which part is whose is not known. Mark each message once.");
        return [.. turns.Zip(onlyLast ? marks[^1..] : marks, (turn, mark) => (turn, mark.Start, mark.End))];
    }

    private static (int, int, int) ByPrefix(IReadOnlyList<ChatTurn> messages, int turn, string whole, Func<IEnumerable<ChatTurn>, bool, RenderState> render, ChatProbe probe)
    {
        var start = turn == 0 ? "" : render(messages.Take(turn), true).Text;
        var end = turn == messages.Count - 1 ? whole : render(messages.Take(turn + 1), false).Text;
        if (!whole.StartsWith(start, StringComparison.Ordinal) || !whole.StartsWith(end, StringComparison.Ordinal))
            return probe.Find(turn, start) is { } found ? (turn, found.Start, found.End) : throw new DecantException(
                $"The chat template writes the messages up to {turn + 1} in another way once others follow, so that what the assistant says in message {turn + 1} cannot be found in the whole. "
                + "Mark it with {% generation %} in the template, or learn the last message alone (last-turn-only: true).");
        return start.Length < end.Length ? (turn, start.Length, end.Length)
            : throw new DecantException($"The chat template writes nothing of message {turn + 1}, which is the assistant's. Leave the conversation out, or correct the template.");
    }
}
