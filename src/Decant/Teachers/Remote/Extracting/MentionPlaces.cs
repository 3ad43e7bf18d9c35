using Decant.Teachers.Remote.Asking;
using Decant.Text;
using Decant.Text.Tags;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>
/// Finds where the mentions of an answer stand. Longer ones are placed before shorter ones, so that <c>York</c> beside <c>New York</c> is another York; the n-th mention of equal text is its n-th occurrence that
/// is free, of those that cut no word where there are such.
/// </summary>
internal static class MentionPlaces
{
    /// <summary>The entities in the order of the words, or what is wrong with a mention.</summary>
    /// <param name="text">The text and its words.</param>
    /// <param name="mentions">What is to be found.</param>
    /// <param name="cut">What becomes of mentions that begin or end within a word.</param>
    public static (IReadOnlyList<Entity>? Entities, MentionFault? Fault) Find(WordList text, IReadOnlyList<ChatMention> mentions, CutWords cut)
    {
        var taken = new List<(int Start, int End)>();
        var entities = new List<Entity>();
        foreach (var equal in mentions.GroupBy(m => m.Text, StringComparer.Ordinal).OrderByDescending(g => g.Key.Length))
        {
            var places = Occurrences(text.Text, equal.Key);
            int[] free = [.. places.Where(at => !taken.Exists(t => t.Start < at + equal.Key.Length && at < t.End))];
            int[] whole = [.. free.Where(at => !CutsWord(text, at, at + equal.Key.Length))];
            var from = whole.Length > 0 ? whole : free;
            if (Missing(equal.Key, equal.Count(), places.Count, from.Length) is { } missing)
                return (null, missing);
            if (whole.Length == 0 && cut == CutWords.Refuse)
                return (null, new(AbstentionReason.CutsWord, $"'{equal.Key}' begins or ends within a word"));
            foreach (var (mention, at) in equal.Zip(from))
            {
                taken.Add((at, at + mention.Text.Length));
                entities.Add(Widened(text, at, at + mention.Text.Length, mention.Type));
            }
        }

        entities.Sort((a, b) => a.Start.CompareTo(b.Start));
        var both = entities.Zip(entities.Skip(1)).FirstOrDefault(pair => pair.First.End > pair.Second.Start);
        return both.First.End > both.Second.Start ? (null, new(AbstentionReason.Overlap, $"two spans share the word '{text.Words[both.Second.Start]}'")) : (entities, null);
    }

    private static MentionFault? Missing(string mention, int listed, int occurs, int free) =>
        listed > occurs ? new(AbstentionReason.NotInText, occurs == 0 ? $"'{mention}' does not occur in the text" : $"'{mention}' is listed more often than it occurs")
        : listed > free ? new(AbstentionReason.Overlap, $"'{mention}' stands within another span")
        : null;

    private static List<int> Occurrences(string text, string mention)
    {
        var found = new List<int>();
        for (var at = text.IndexOf(mention, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mention, at + mention.Length, StringComparison.Ordinal))
            found.Add(at);
        return found;
    }

    // A word of the data may have punctuation at its end, which a mention leaves out without cutting the word.
    private static bool CutsWord(WordList text, int start, int end) => Cuts(text, start) || Cuts(text, end);

    private static bool Cuts(WordList text, int at) =>
        at > 0 && at < text.Text.Length && char.IsLetterOrDigit(text.Text[at - 1]) && char.IsLetterOrDigit(text.Text[at])
        && text.Places.Any(place => place.Start < at && at < place.End);

    private static Entity Widened(WordList text, int start, int end, string type)
    {
        var first = Enumerable.Range(0, text.Places.Count).First(w => text.Places[w].End > start);
        var last = Enumerable.Range(first, text.Places.Count - first).Last(w => text.Places[w].Start < end);
        return new(first, last + 1, type);
    }
}
