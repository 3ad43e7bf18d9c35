namespace Decant.Text.Tags;

/// <summary>Reads entities from the tags of a sentence by the rules of CoNLL's <c>conlleval</c> (Tjong Kim Sang, Buchholz 2000; the 2003 shared task).</summary>
/// <remarks>
/// An entity begins at B and S, and at I and E after O, after an entity that ended, or where the type changes; it ends after E and S, before B, S and O, where the type
/// changes, and with the sentence. M of BMES is I, L and U of BILOU are E and S. So a transition that a scheme does not allow is no fault but read: <c>O I-x</c> begins
/// an x, <c>B-x I-y</c> is an x and then a y, <c>O M-x E-x</c> is an x.
/// </remarks>
internal static class Entities
{
    /// <summary>The entities of a sentence, in order, every tag read by itself: whether <c>M-100</c> is a type only <see cref="TagSet"/> decides, which knows all tags of a task.</summary>
    /// <param name="tags">One tag per word.</param>
    public static IReadOnlyList<Entity> Of(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return Of([.. tags.Select(EntityTag.Read)]);
    }

    internal static IReadOnlyList<Entity> Of(ReadOnlySpan<EntityTag> tags)
    {
        var entities = new List<Entity>();
        var (before, start) = (EntityTag.Outside, -1);
        for (var i = 0; i <= tags.Length; i++)
        {
            var tag = i < tags.Length ? tags[i] : EntityTag.Outside;
            if (start >= 0 && EntityTag.Ends(before, tag))
            {
                entities.Add(new Entity(start, i, before.Type));
                start = -1;
            }

            if (EntityTag.Begins(before, tag))
                start = i;
            before = tag;
        }

        return entities;
    }
}
