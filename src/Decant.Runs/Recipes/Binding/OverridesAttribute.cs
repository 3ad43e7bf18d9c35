namespace Decant.Runs.Recipes.Binding;

/// <summary>
/// Marks the property of a section, in a list of such sections, whose keys stand beside the section's others: its value is that of the section around the list, with the keys
/// changed that are given. The section around it is an <see cref="IOverridable"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OverridesAttribute : Attribute
{
    /// <summary>The names of properties of which there must be a key.</summary>
    public string[] Required { get; init; } = [];

    /// <summary>The names of properties that have no key here.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>The properties that have a key here.</summary>
    internal IReadOnlyList<RecipeProperty> Keys(Type type) =>
        [.. RecipeProperty.Of(type).Where(p => !Without.Contains(p.Info.Name)).Select(p => p with { Required = Required.Contains(p.Info.Name) })];
}

/// <summary>A section that others within it begin with.</summary>
internal interface IOverridable
{
    /// <summary>What a section within this one has before its own keys are read.</summary>
    /// <param name="given">The names of the properties that it gives.</param>
    object Begin(IReadOnlyCollection<string> given);
}

/// <summary>A section that changes another one.</summary>
internal interface IOverrides
{
    /// <summary>The names of the properties that it gives, in any order.</summary>
    IReadOnlyList<string> Given { get; init; }

    /// <summary>The names of the properties that it gives, and of those that differ from what it begins with.</summary>
    IReadOnlyList<string> Said(IOverridable around);
}
