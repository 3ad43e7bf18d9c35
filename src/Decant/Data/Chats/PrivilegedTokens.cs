using Decant.Text;

namespace Decant.Data.Chats;

/// <summary>A conversation as its teacher is given it, with the tokens that its student learns.</summary>
internal static class PrivilegedTokens
{
    private const int NoLimit = 1 << 30;

    /// <summary>The teacher's tokens; null where it is given what the student is.</summary>
    /// <param name="chats">The conversations.</param>
    /// <param name="row">Which.</param>
    /// <param name="own">The student's tokens, perhaps cut.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <exception cref="DecantException">What is learned are other tokens with the system message than without.</exception>
    public static ChatTokens? Of(Dataset chats, int row, ChatTokens own, ITokenizer tokenizer)
    {
        if (chats[row].Content is not ChatContent { OfTeacher: { } more } chat)
            return null;
        var (whole, given) = (own.LeftOut == 0 ? own : ChatTokens.Of(chat, tokenizer, NoLimit)!, ChatTokens.Of(more, tokenizer, NoLimit));
        int[] learned = [.. whole.LearnedIds], asked = [.. given?.LearnedIds ?? []];
        if (!learned.AsSpan().SequenceEqual(asked))
        {
            throw new DecantException($"{chats.Where(row)}: with the teacher's system message the chat template makes other tokens of what the assistant says ({asked.Length:N0}, and {learned.Length:N0} without), "
                + "so that teacher and student cannot be compared token by token. Use a template that writes a system message and leaves the replies as they are, or leave the context out.");
        }

        // The first token of a window is learned of nobody.
        return given!.LearnedFrom(whole.Learned.Take(own.Start + (own.Start > 0 ? 1 : 0)).Count(l => l), own.Learned.Count(l => l));
    }
}
