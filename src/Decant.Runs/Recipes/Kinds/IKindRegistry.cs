namespace Decant.Runs.Recipes.Kinds;

/// <summary>What the <c>kind</c> of each section may be: the only thing that the reader learns of the other rooms.</summary>
public interface IKindRegistry
{
    /// <summary>The kinds of one section, in the order in which messages list them; empty when there is no such section.</summary>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    internal IReadOnlyList<KindEntry> Kinds(string section);
}

/// <summary>Kinds by their options.</summary>
internal static class KindRegistries
{
    /// <summary>The kind whose options these are; null where the section has none with them.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    /// <param name="options">The options.</param>
    public static KindEntry? Find(this IKindRegistry kinds, string section, object options)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(options);
        return kinds.Kinds(section).FirstOrDefault(k => k.Options == options.GetType());
    }

    /// <summary>The kind's name.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="DecantException">The section has no kind with these options.</exception>
    public static string KindOf(this IKindRegistry kinds, string section, object options) => kinds.Find(section, options)?.Kind
        ?? throw new DecantException($"{options.GetType().Name}: expected options of the section '{section}' that the catalog has, {string.Join(", ", kinds.Kinds(section).Select(k => k.Options.Name).Distinct())}; add a kind with these options to the catalog first.");
}

/// <summary>One kind: its name in recipes, the record its keys are read into, and what the checks need to know of it.</summary>
/// <param name="Kind">The name, in kebab-case.</param>
/// <param name="Options">A record of <c>init</c> properties with a parameterless constructor.</param>
internal sealed record KindEntry(string Kind, Type Options)
{
    /// <summary>What it is, in the user's words; empty when not described.</summary>
    public string About { get; init; } = "";

    /// <summary>Whether an objective compares with a teacher's answers.</summary>
    public bool NeedsTeacher { get; init; }

    /// <summary>Whether an objective compares the samples of a batch with each other, so that one sample alone teaches nothing.</summary>
    public bool ComparesSamples { get; init; }

    /// <summary>Whether a model comes with weights that it was trained to, so that a teacher of it need not be trained or loaded.</summary>
    public bool HasWeights { get; init; }

    /// <summary>The inputs that a source gives or a model takes; empty: any.</summary>
    public IReadOnlyList<InputKind> Inputs { get; init; } = [];
}
