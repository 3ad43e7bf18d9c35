namespace Decant.Text.Tags;

/// <summary>A tag that cannot be read.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Message">What is wrong with it and what to do.</param>
internal sealed record TagFault(string Tag, string Message);

/// <summary>What is wrong with sets of tags.</summary>
internal static class TagFaults
{
    private const string Schemes = "B-, I- (BIO); B-, I-, E-, S- (BIOES); B-, I-, L-, U- (BILOU); B-, M-, E-, S- (BMES); or the type alone (IO)";
    private const string NameIt = "name the scheme with 'data.tag-scheme' (bio, bioes, bilou, bmes or io)";

    /// <summary>Tags that are types, one of which looks like a position: <c>X-ORG</c>, <c>b-per</c>, <c>ORG-B</c>.</summary>
    public static TagFault? AmongTypes(IReadOnlyList<string> plain)
    {
        if (plain.FirstOrDefault(IsLetterAndType) is { } prefixed)
            return new(prefixed, $"The tag '{prefixed}' has the unknown prefix '{prefixed[..2]}'; expected {Schemes}. Rename the tags; where the whole tag is the type, {NameIt}.");
        if (plain.Count > 0 && plain.FirstOrDefault(t => t.Length > 2 && t[^2] is '-' or '_' && "BIMESLUO".Contains(t[^1])) is { } suffixed)
            return new(suffixed, $"The tag '{suffixed}' seems to have its position behind the type; expected {Schemes}. Write '{suffixed[^1]}-{suffixed[..^2]}'; where the whole tag is the type, {NameIt}.");
        return null;
    }

    public static TagFault WithoutPrefix(string tag, string prefixed) => new(
        tag, $"The tag '{tag}' has {(IsLetterAndType(tag) ? $"the unknown prefix '{tag[..2]}'" : "no prefix")}, and others have one, such as '{prefixed}'; expected {Schemes} throughout. Rename it; where whole tags are types, {NameIt}.");

    public static TagFault WithoutBeginning(string tag, IReadOnlyList<string> tags) => new(
        tag, $"The tags {TagSet.Shown(tags)} may be positions or types: none begins an entity with B- or I-. To say which, {NameIt}.");

    public static TagFault OfTwoSchemes(IReadOnlyList<string> tags)
    {
        var letters = tags.Select(t => EntityTag.PrefixOf(t)!.Value).Distinct().ToArray();
        // What no scheme has beside B and I, or the first such letter beside another scheme's.
        var strange = letters.First(l => l is not ('B' or 'I'));
        var other = letters.FirstOrDefault(l => l is not 'B' && l != strange && !Together(l, strange), letters.First(l => l != strange));
        var tag = tags.First(t => EntityTag.PrefixOf(t) == other);
        return new(tag, $"The tags mix schemes: '{tags.First(t => EntityTag.PrefixOf(t) == strange)}' and '{tag}' belong to none together; expected {Schemes}. Rename them; where whole tags are types, {NameIt}.");
    }

    public static TagFault NotOf(string tag, TagScheme scheme, string letters) => new(
        tag, $"The tag '{tag}' is none of the scheme {scheme.ToString().ToUpperInvariant()} ('data.tag-scheme'), whose tags are O and those that begin with {string.Join(", ", letters.Select(l => $"{l}-"))}; name another scheme, or rename the tag.");

    private static bool Together(char one, char other) => new[] { "BIES", "BILU", "BMES" }.Any(s => s.Contains(one) && s.Contains(other));

    private static bool IsLetterAndType(string tag) => tag.Length > 2 && char.IsAsciiLetter(tag[0]) && tag[1] is '-' or '_' && tag.Length > 2;
}
