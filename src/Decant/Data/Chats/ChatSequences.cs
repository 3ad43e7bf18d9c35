using System.Globalization;
using Decant.Data.Labels;
using Decant.Text;

namespace Decant.Data.Chats;

/// <summary>Conversations as sequences of tokens, one each, or several in one where they are packed.</summary>
internal static class ChatSequences
{
    /// <summary>The sequences of a split, as samples (<see cref="TokenContent"/>) that are their own labels.</summary>
    /// <param name="chats">The conversations.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="positions">T, the most positions of a sequence.</param>
    /// <param name="isPacked">Whether a sequence holds as many whole conversations as fit, which see nothing of each other.</param>
    /// <param name="note">Gets what was cut off, and how full sequences are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DecantException">A conversation has no token to be learned.</exception>
    public static Dataset Open(Dataset chats, ITokenizer tokenizer, int positions, bool isPacked, Action<string> note, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chats);
        var read = new ChatTokens?[chats.Count];
        Parallel.For(0, read.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => read[i] = ChatTokens.Of((ChatContent)chats[i].Content, tokenizer, positions));
        ChatTokens[] tokens = [.. read.Select((chat, i) => chat ?? throw Nothing(chats, i))];
        NoteCut(chats, tokens, positions, note);
        ChatTokens?[] given = [.. tokens.Select((own, i) => PrivilegedTokens.Of(chats, i, own, tokenizer))];
        var groups = isPacked ? Packed(tokens, positions + 1) : [.. Enumerable.Range(0, tokens.Length).Select(i => new[] { i })];
        if (isPacked)
            note(string.Create(CultureInfo.InvariantCulture, $"{chats.Name}: {tokens.Length:N0} conversations are packed into {groups.Count:N0} sequences, which they fill to {100.0 * tokens.Sum(t => (long)t.Ids.Length) / (groups.Count * (positions + 1L)):0} %."));
        SampleContent[] contents = [.. groups.Select(group => Joined([.. group.Select(i => tokens[i])], isPacked) with
        {
            OfTeacher = Array.Exists(group, i => given[i] is not null) ? Joined([.. group.Select(i => given[i] ?? tokens[i])], isPacked) : null,
            Tag = TagOf(chats, group),
        })];
        return Dataset.Create(new ChatStore(contents, [.. contents.Select(ContentHash.Of)], [.. groups.Select(group => chats.Where(group[0]))]) { Name = chats.Name }, new OwnContentColumn(), []);
    }

    // The first sequence that has room takes a conversation, in the order of the file; a handful is kept open, so that time grows with the conversations alone.
    private static List<int[]> Packed(ChatTokens[] tokens, int room)
    {
        const int open = 32;
        var groups = new List<List<int>>();
        var left = new List<int>();
        for (var i = 0; i < tokens.Length; i++)
        {
            var place = Math.Max(0, groups.Count - open);
            while (place < groups.Count && left[place] < tokens[i].Ids.Length)
                place++;
            if (place == groups.Count)
            {
                groups.Add([]);
                left.Add(room);
            }

            groups[place].Add(i);
            left[place] -= tokens[i].Ids.Length;
        }

        return [.. groups.Select(group => group.ToArray())];
    }

    private static TokenContent Joined(ChatTokens[] parts, bool isPacked)
    {
        var starts = new List<int>();
        var length = 0;
        foreach (var part in parts)
        {
            starts.Add(length);
            length += part.Ids.Length;
        }

        return new TokenContent(parts.SelectMany(part => part.Ids).ToArray(), parts.Sum(part => part.Bytes), isPacked ? starts : null) { Learned = parts.SelectMany(part => part.Learned).ToArray() };
    }

    private static string? TagOf(Dataset chats, int[] group)
    {
        string?[] tags = [.. group.Select(i => chats[i].Content.Tag).Distinct()];
        return tags is [var tag] ? tag : throw new DecantException($"{chats.Name}: conversations with the tags {string.Join(", ", tags.Select(t => t is null ? "none" : $"'{t}'"))} are packed into one sequence, and a teacher answers for whole sequences; leave 'input.documents' out.");
    }

    private static void NoteCut(Dataset chats, ChatTokens[] tokens, int positions, Action<string> note)
    {
        var cut = tokens.Index().Where(t => t.Item.LeftOut > 0).ToArray();
        if (cut.Length > 0)
            note(string.Create(CultureInfo.InvariantCulture,
                $"{cut.Length:N0} of {tokens.Length:N0} conversations ({100.0 * cut.Length / tokens.Length:0.#} %) are longer than {positions} tokens, the first at {chats.Where(cut[0].Index)}; {cut.Sum(c => c.Item.LeftOut):N0} tokens are cut off, {cut.Sum(c => c.Item.LearnedLeftOut):N0} of them the assistant's: input.max-tokens says how many are read."));
    }

    private static DecantException Nothing(Dataset chats, int row) => new($"{chats.Where(row)}: the assistant says no token in the conversation, or its first one alone, which nothing predicts; take the conversation out.");
}

/// <summary>Sequences in memory.</summary>
internal sealed class ChatStore(SampleContent[] contents, ulong[] hashes, string[] places) : SampleStore(hashes)
{
    public override SampleContent Read(int row) => contents[row];

    public override int LengthOf(int row) => ((TokenContent)contents[row]).Ids.Length;

    public override string Where(int row) => places[row];
}
