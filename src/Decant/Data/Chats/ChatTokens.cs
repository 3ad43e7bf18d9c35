using System.Text;
using Decant.Text;

namespace Decant.Data.Chats;

/// <summary>A conversation as tokens.</summary>
/// <param name="Ids">[N] ids, of which a model reads all but the last.</param>
/// <param name="Learned">[N] whether a token is the assistant's, and so learned; never the first, which nothing predicts.</param>
/// <param name="Bytes">The bytes of UTF-8 that the learned tokens say.</param>
/// <param name="LeftOut">How many tokens were cut off.</param>
/// <param name="LearnedLeftOut">How many of these were the assistant's.</param>
internal sealed record ChatTokens(int[] Ids, bool[] Learned, long Bytes, int LeftOut, int LearnedLeftOut)
{
    /// <summary>How many tokens were cut off before the first.</summary>
    public int Start { get; init; }

    /// <summary>The ids of the learned tokens, in order.</summary>
    public IEnumerable<int> LearnedIds => Ids.Where((_, i) => Learned[i]);

    /// <summary>Some of the learned tokens, with all before them and nothing behind.</summary>
    /// <param name="first">The first of them that stays learned.</param>
    /// <param name="count">How many do.</param>
    public ChatTokens LearnedFrom(int first, int count)
    {
        int[] places = [.. Enumerable.Range(0, Ids.Length).Where(i => Learned[i]).Skip(first).Take(count)];
        var marks = new bool[places[^1] + 1];
        foreach (var place in places)
            marks[place] = true;
        return this with { Ids = Ids[..marks.Length], Learned = marks };
    }

    /// <summary>The tokens of a conversation.</summary>
    /// <param name="chat">The conversation.</param>
    /// <param name="tokenizer">Makes the ids; nothing is put around the text, since the template says which tokens begin it.</param>
    /// <param name="positions">T, the most positions that a model reads.</param>
    /// <returns>
    /// A token is learned where its first character is the assistant's. What is longer loses its end; where nothing of the assistant's would be left, its beginning too, so that the first learned token stands in the middle.
    /// Null: there is no token to be learned.
    /// </returns>
    public static ChatTokens? Of(ChatContent chat, ITokenizer tokenizer, int positions)
    {
        var text = tokenizer.Tokenize(chat.Text, null, new TokenizeOptions { AddSpecial = false, MaxTokens = int.MaxValue });
        int[] kept = [.. Enumerable.Range(0, text.Ids.Length).Where(i => text.AttentionMask[i])];
        var (offsets, learned, span) = (kept.Select(i => text.Offsets[i]).ToArray(), new bool[kept.Length], 0);
        for (var i = 1; i < kept.Length; i++)
        {
            while (span < chat.Spans.Count && offsets[i].Start >= chat.Spans[span].End)
                span++;
            learned[i] = span < chat.Spans.Count && offsets[i].Start >= chat.Spans[span].Start;
        }

        var first = Array.IndexOf(learned, true);
        if (first < 0)
            return null;
        var room = positions + 1; // the last is a label alone
        var start = first < room ? 0 : Math.Min(first - (room / 2), kept.Length - room);
        var window = start..Math.Min(start + room, kept.Length);
        var (ids, marks) = (kept[window].Select(i => text.Ids[i]).ToArray(), learned[window]);
        marks[0] = false;
        return new(ids, marks, BytesOf(chat.Text, offsets[window], marks), kept.Length - ids.Length, learned.Count(l => l) - marks.Count(l => l)) { Start = start };
    }

    // Tokens of one character, as byte-level tokenizers make them, share its place: it is counted once.
    private static long BytesOf(string text, ReadOnlySpan<(int Start, int End)> offsets, bool[] learned)
    {
        var (bytes, counted) = (0L, 0);
        for (var i = 0; i < learned.Length; i++)
        {
            if (!learned[i])
                continue;
            var from = Math.Max(offsets[i].Start, counted);
            if (offsets[i].End > from)
                bytes += Encoding.UTF8.GetByteCount(text.AsSpan(from, offsets[i].End - from));
            counted = Math.Max(counted, offsets[i].End);
        }

        return bytes;
    }
}
