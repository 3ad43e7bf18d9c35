using System.Collections.Immutable;

namespace Decant.Runs.Recipes.Kinds;

/// <summary>A registry made by adding kinds one after another; each addition gives a new table.</summary>
internal sealed class KindTable : IKindRegistry
{
    private readonly ImmutableDictionary<string, ImmutableList<KindEntry>> _sections;

    private KindTable(ImmutableDictionary<string, ImmutableList<KindEntry>> sections) => _sections = sections;

    /// <summary>The table without any kind.</summary>
    public static KindTable Empty { get; } = new(ImmutableDictionary<string, ImmutableList<KindEntry>>.Empty);

    /// <summary>This table and one kind more.</summary>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    /// <param name="entry">The kind.</param>
    /// <exception cref="ArgumentException">The section has this kind already, or one with the same options: the kind of an object follows from its type.</exception>
    public KindTable With(string section, KindEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var entries = _sections.GetValueOrDefault(section, []);
        if (entries.Any(e => e.Kind == entry.Kind)) throw new ArgumentException($"The section '{section}' has the kind '{entry.Kind}' already.", nameof(entry));
        if (entry.Options != typeof(NoOptions) && entries.FirstOrDefault(e => e.Options == entry.Options) is { } other)
            throw new ArgumentException($"The kind '{entry.Kind}' of the section '{section}' has the options {entry.Options.Name}, which are those of '{other.Kind}' already; the kind of options follows from their type, so give it a record of its own.", nameof(entry));
        return new KindTable(_sections.SetItem(section, entries.Add(entry)));
    }

    /// <summary>This table and one kind more, read into <typeparamref name="TOptions"/>.</summary>
    /// <typeparam name="TOptions">The options' record.</typeparam>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    /// <param name="kind">The name, in kebab-case.</param>
    /// <param name="about">What it is, in the user's words.</param>
    public KindTable With<TOptions>(string section, string kind, string about = "") =>
        With(section, new KindEntry(kind, typeof(TOptions)) { About = about });

    /// <inheritdoc/>
    public IReadOnlyList<KindEntry> Kinds(string section) => _sections.GetValueOrDefault(section, []);
}

/// <summary>Options of a kind of which nothing but the name is used, such as a metric.</summary>
internal sealed record NoOptions;
