namespace Decant.Text.Tags;

/// <summary>The tags of a task, each read by one scheme, so that figures, predictions and reports find the same entities.</summary>
/// <remarks>
/// A prefix is one of the letters B, I, M, E, S, L, U, alone (<c>B</c>) or before a hyphen and a type (<c>B-person</c>). The scheme is decided by all tags together:
/// where every tag but O has a prefix, one of them is B or I, and all of them belong to one scheme, it is that scheme; where no tag has a prefix, tags are types (IO).
/// M is a letter of a scheme only beside B or E: <c>M-100</c> beside <c>PER</c> is a type. Anything in between is refused by name, and a recipe then says the scheme.
/// </remarks>
internal sealed class TagSet
{
    private static readonly (TagScheme Scheme, string Letters)[] s_schemes =
    [
        (TagScheme.Bio, "BI"), (TagScheme.Bioes, "BIES"), (TagScheme.Bilou, "BILU"), (TagScheme.Bmes, "BMES"),
    ];

    private readonly EntityTag[] _tags;
    private readonly Dictionary<string, EntityTag> _byName;

    private TagSet(IReadOnlyList<string> names, TagScheme scheme)
    {
        (Names, Scheme) = (names, scheme);
        // Published IO sets have the letter of "inside" before every type.
        var isPrefixed = scheme != TagScheme.Io || names.All(n => EntityTag.IsOutside(n) || EntityTag.PrefixOf(n) == 'I');
        _tags = [.. names.Select(n => isPrefixed || EntityTag.IsOutside(n) ? EntityTag.Read(n) : new EntityTag('I', n))];
        _byName = names.Zip(_tags).ToDictionary(t => t.First, t => t.Second, StringComparer.Ordinal);
    }

    /// <summary>The names of the tags, in the order of the logits.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The scheme that they are read by; never <see cref="TagScheme.Auto"/>.</summary>
    public TagScheme Scheme { get; }

    /// <summary>Reads the tags of a task.</summary>
    /// <param name="names">All of them.</param>
    /// <param name="scheme">The scheme; default: decided by the names.</param>
    /// <exception cref="DecantException">A tag does not belong to the scheme, or the tags do not decide which it is; the message names the tag.</exception>
    public static TagSet Read(IReadOnlyList<string> names, TagScheme scheme = TagScheme.Auto)
    {
        ArgumentNullException.ThrowIfNull(names);
        return TryRead(names, scheme, out var fault) ?? throw new DecantException(fault!.Message);
    }

    /// <summary>The scheme that a model's <c>config.json</c> names as <c>tag_scheme</c>; what is no scheme says nothing.</summary>
    public static TagScheme SchemeOf(string? name) => Enum.TryParse<TagScheme>(name, ignoreCase: true, out var scheme) && Enum.IsDefined(scheme) ? scheme : TagScheme.Auto;

    /// <summary>The entities of a sentence, in order.</summary>
    /// <param name="tags">One tag per word, all of them tags of this set.</param>
    /// <exception cref="DecantException">A tag is not one of the set.</exception>
    public IReadOnlyList<Entity> EntitiesOf(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var read = new EntityTag[tags.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = _byName.TryGetValue(tags[i], out var tag) ? tag : throw new DecantException($"Word {i + 1} has the tag '{tags[i]}', which is none of the {Names.Count} tags ({Shown(Names)}).");
        }

        return Entities.Of(read);
    }

    /// <summary>A tag by its index.</summary>
    internal EntityTag this[int index] => _tags[index];

    /// <summary>The same, with the fault instead of an exception where there is one.</summary>
    internal static TagSet? TryRead(IReadOnlyList<string> names, TagScheme scheme, out TagFault? fault)
    {
        string[] tags = [.. names.Where(n => !EntityTag.IsOutside(n))];
        if (scheme != TagScheme.Auto)
        {
            fault = scheme == TagScheme.Io ? null : OutsideOf(scheme, tags);
            return fault is null ? new TagSet(names, scheme) : null;
        }

        (var decided, fault) = Decide(tags);
        return fault is null ? new TagSet(names, decided) : null;
    }

    private static (TagScheme Scheme, TagFault? Fault) Decide(string[] tags)
    {
        var letters = tags.Select(EntityTag.PrefixOf).OfType<char>().Distinct().ToArray();
        string[] plain = [.. tags.Where(t => EntityTag.PrefixOf(t) is null)];
        if (letters is [] or ['M'] && (letters.Length == 0 || plain.Length > 0 || tags.All(t => t.Length > 1)))
            return (TagScheme.Io, TagFaults.AmongTypes(plain));
        if (plain.Length > 0)
            return (default, TagFaults.WithoutPrefix(plain[0], tags.First(t => EntityTag.PrefixOf(t) is not null)));
        if (!letters.Contains('B') && !letters.Contains('I'))
            return (default, TagFaults.WithoutBeginning(tags[0], tags));
        foreach (var (scheme, own) in s_schemes)
        {
            if (letters.All(own.Contains))
                return (scheme, null);
        }

        return (default, TagFaults.OfTwoSchemes(tags));
    }

    private static TagFault? OutsideOf(TagScheme scheme, string[] tags)
    {
        var letters = s_schemes.First(s => s.Scheme == scheme).Letters;
        return tags.FirstOrDefault(t => EntityTag.PrefixOf(t) is not { } prefix || !letters.Contains(prefix)) is { } wrong ? TagFaults.NotOf(wrong, scheme, letters) : null;
    }

    internal static string Shown(IReadOnlyList<string> names) => string.Join(", ", names.Take(12)) + (names.Count > 12 ? ", …" : "");
}
