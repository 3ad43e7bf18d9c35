using Decant.Data.Batching;
using Decant.Text;

namespace Decant.Data.Chats;

/// <summary>Finds the token that ends what the assistant says, where a reply ends too.</summary>
internal static class ChatEnds
{
    private const int MostSamples = 1000;

    /// <summary>Whether sequences are of conversations.</summary>
    public static bool AreChats(Dataset sequences) => sequences[0].Content is TokenContent { Learned: not null };

    /// <summary>The last special token of the assistant's messages, as most of the first 1,000 sequences have it; null: they have none.</summary>
    /// <param name="sequences">Sequences that <see cref="ChatSequences"/> made.</param>
    /// <param name="tokenizer">Made their ids.</param>
    public static int? Of(Dataset sequences, ITokenizer tokenizer)
    {
        var special = SpecialIds.Of(tokenizer);
        var counts = Enumerable.Range(0, Math.Min(sequences.Count, MostSamples)).Select(i => (TokenContent)sequences[i].Content)
            .SelectMany(sequence => Ends(sequence.Ids.Span, sequence.Learned!.Value.Span, special)).CountBy(id => id).ToArray();
        return counts.Length == 0 ? null : counts.MaxBy(count => count.Value).Key;
    }

    private static List<int> Ends(ReadOnlySpan<int> ids, ReadOnlySpan<bool> learned, SpecialIds special)
    {
        var (ends, last) = (new List<int>(), (int?)null);
        for (var i = 0; i < ids.Length; i++)
        {
            if (learned[i] && special.Contains(ids[i]))
                last = ids[i];
            if (last is { } end && (i == ids.Length - 1 || !learned[i + 1]))
            {
                ends.Add(end);
                last = null;
            }
        }

        return ends;
    }
}
