namespace Decant.Runs.Recipes.Kinds;

/// <summary>What the <c>kind</c> of each section may be: the only thing that the reader learns of the other rooms.</summary>
public interface IKindRegistry
{
    /// <summary>The kinds of one section, in the order in which messages list them; empty when there is no such section.</summary>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    IReadOnlyList<KindEntry> Kinds(string section);
}

/// <summary>One kind: its name in recipes, the record its keys are read into, and what the checks need to know of it.</summary>
/// <param name="Kind">The name, in kebab-case.</param>
/// <param name="Options">A record of <c>init</c> properties with a parameterless constructor.</param>
public sealed record KindEntry(string Kind, Type Options)
{
    /// <summary>What it is, in the user's words; empty when not described.</summary>
    public string About { get; init; } = "";

    /// <summary>Whether an objective compares with a teacher's answers.</summary>
    public bool NeedsTeacher { get; init; }

    /// <summary>Whether an objective compares the samples of a batch with each other, so that one sample alone teaches nothing.</summary>
    public bool ComparesSamples { get; init; }

    /// <summary>The inputs that a source gives or a model takes; empty: any.</summary>
    public IReadOnlyList<InputKind> Inputs { get; init; } = [];
}
