namespace Decant;

/// <summary>
/// Marks a property that holds the options of one kind, or a list of them, with the section that the kinds belong to: <c>{ kind: adamw, learning-rate: 5e-4 }</c>. Its type
/// is the base of the options, and the kind follows from the type of the options.
/// </summary>
/// <param name="section">One of <see cref="Sections"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ChoiceOfAttribute(string section) : Attribute
{
    /// <summary>One of <see cref="Sections"/>.</summary>
    public string Section { get; } = section;
}
