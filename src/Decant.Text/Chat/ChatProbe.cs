using System.Text.Json.Nodes;

namespace Decant.Text.Chat;

/// <summary>Finds where a template writes the content of a message: a character that stands nowhere else is put before or behind it, and the first place that changes is the content's.</summary>
/// <param name="messages">The conversation.</param>
/// <param name="whole">Its text.</param>
/// <param name="render">Makes the text of messages.</param>
internal sealed class ChatProbe(IReadOnlyList<ChatTurn> messages, string whole, Func<IEnumerable<ChatTurn>, string> render)
{
    private readonly string _mark = Enumerable.Range(0xE000, 256).Select(code => ((char)code).ToString()).First(mark => !whole.Contains(mark, StringComparison.Ordinal));

    /// <summary>Whether the template writes nothing of what a message says, as one that knows lists of parts alone does of a text.</summary>
    public bool IsLeftOut(int turn) => messages[turn] is { Content: { } said } && said.Trim() is { Length: > 0 } && render(With(messages.Count, turn, said + _mark)) == whole;

    /// <summary>What the assistant says in a message, with what ends it where the template writes the same behind it when no message follows.</summary>
    /// <param name="turn">The message's number.</param>
    /// <param name="prompt">The text of all messages before with the generation prompt: where the whole begins with it, the message begins behind it.</param>
    /// <returns>Null: the content does not stand in the text as it is said, or there is more in the message than a content.</returns>
    public (int Start, int End)? Find(int turn, string prompt)
    {
        if (messages[turn] is not { Content: { } said, ToolCalls: null or { Count: 0 } } || messages[turn].Further is { } further && further.Any(IsSaid))
            return null;
        var (start, end) = Place(messages.Count, turn, said, whole);
        if (end <= start || !whole.AsSpan(start, end - start).Trim().SequenceEqual(said.AsSpan().Trim()))
            return null;
        var shorter = render(messages.Take(turn + 1));
        var tail = shorter[Place(turn + 1, turn, said, shorter).End..];
        if (Differs(tail, whole[end..]))
            return null;
        end += whole.AsSpan(end).StartsWith(tail, StringComparison.Ordinal) ? tail.Length : whole.AsSpan(end).StartsWith(tail.TrimEnd(), StringComparison.Ordinal) ? tail.TrimEnd().Length : 0;
        return (prompt.Length <= start && whole.StartsWith(prompt, StringComparison.Ordinal) ? prompt.Length : start, end);
    }

    /// <summary>Whether the template writes the beginning of another message behind the last one, which is the assistant's, though none is asked for.</summary>
    public bool BeginsAnother()
    {
        var last = messages.Count - 1;
        if (messages[last] is not { Content: { } said, ToolCalls: null or { Count: 0 } } || Longer(said) is not { } longer || longer.StartsWith(whole, StringComparison.Ordinal))
            return false;
        var (end, further) = (Place(messages.Count, last, said, whole).End, longer.AsSpan().CommonPrefixLength(Longer(said + _mark)));
        return IsSaidBefore(whole, end) && IsSaidBefore(longer, further) && Differs(whole[end..], longer[further..]);

        bool IsSaidBefore(string text, int place) => text.AsSpan(0, place).TrimEnd().EndsWith(said.AsSpan().Trim(), StringComparison.Ordinal);
    }

    // Whether what ends a message begins as what stands there and goes on in another way: it is not known how much of it is the end.
    private static bool Differs(string tail, string behind) => tail.AsSpan().CommonPrefixLength(behind) is var common && common < tail.TrimEnd().Length && !tail.AsSpan(0, common).IsWhiteSpace();

    private string? Longer(string said)
    {
        try
        {
            return render([.. With(messages.Count, messages.Count - 1, said), new("user", "?")]);
        }
        catch (DecantException)
        {
            return null; // no user comes next
        }
    }

    // A weight says how a message is learned, not what is said in it.
    private static bool IsSaid(KeyValuePair<string, JsonNode?> member) => member.Key != "weight" && member.Value is not null;

    private (int Start, int End) Place(int count, int turn, string said, string text) =>
        (text.AsSpan().CommonPrefixLength(render(With(count, turn, _mark + said))), text.AsSpan().CommonPrefixLength(render(With(count, turn, said + _mark))));

    private IEnumerable<ChatTurn> With(int count, int turn, string content) => messages.Take(count).Select((message, i) => i == turn ? message with { Content = content } : message);
}
