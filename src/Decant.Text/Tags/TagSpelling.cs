namespace Decant.Text.Tags;

/// <summary>Writes entities as tags of a set: what <see cref="TagSet.EntitiesOf"/> reads, the other way round.</summary>
/// <remarks>Where the set lacks a tag, as E-x of an x that always had one word, another of its type that reads most alike stands in.</remarks>
internal static class TagSpelling
{
    /// <summary>The index of each word's tag.</summary>
    /// <param name="tags">The set.</param>
    /// <param name="entities">The entities, in order, without overlaps.</param>
    /// <param name="words">How many words there are.</param>
    /// <exception cref="DecantException">The set has no tag of a type, or none for words outside of entities.</exception>
    public static int[] Of(TagSet tags, IReadOnlyList<Entity> entities, int words)
    {
        var spelled = new int[words];
        Array.Fill(spelled, -1);
        foreach (var entity in entities)
        {
            for (var word = entity.Start; word < entity.End; word++)
                spelled[word] = Find(tags, Wanted(tags.Scheme, word == entity.Start, word == entity.End - 1), entity.Type) ?? throw new DecantException($"No tag has the type '{entity.Type}'; the tags are {TagSet.Shown(tags.Names)}.");
        }

        if (Array.IndexOf(spelled, -1) < 0)
            return spelled;
        var outside = tags.Names.ToList().FindIndex(EntityTag.IsOutside);
        return outside >= 0 ? Array.ConvertAll(spelled, t => t < 0 ? outside : t) : throw new DecantException($"No tag says that a word is outside, such as 'O'; the tags are {TagSet.Shown(tags.Names)}.");
    }

    /// <summary>The types of a set, in the order of its tags.</summary>
    public static IReadOnlyList<string> Types(TagSet tags) => [.. Enumerable.Range(0, tags.Names.Count).Select(i => tags[i]).Where(t => t.Position != 'O').Select(t => t.Type).Distinct(StringComparer.Ordinal)];

    // The letters that suit, the best first, as EntityTag has them: I is also M, E also L, S also U.
    private static string Wanted(TagScheme scheme, bool isFirst, bool isLast) => (scheme, isFirst, isLast) switch
    {
        (TagScheme.Io, _, _) => "I",
        (TagScheme.Bio, true, _) => "BI",
        (TagScheme.Bio, _, _) => "IB",
        (_, true, true) => "SBEI",
        (_, true, false) => "BISE",
        (_, false, true) => "EIBS",
        _ => "IBES",
    };

    private static int? Find(TagSet tags, string letters, string type)
    {
        foreach (var letter in letters)
        {
            for (var i = 0; i < tags.Names.Count; i++)
            {
                if (tags[i].Position == letter && tags[i].Type == type)
                    return i;
            }
        }

        return null;
    }
}
