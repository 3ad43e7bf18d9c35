namespace Decant;

/// <summary>Marks a text that must be the name of one of a section's kinds.</summary>
/// <param name="section">One of <see cref="Sections"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameOfKindAttribute(string section) : Attribute
{
    /// <summary>One of <see cref="Sections"/>.</summary>
    public string Section { get; } = section;
}
