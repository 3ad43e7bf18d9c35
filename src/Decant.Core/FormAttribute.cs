namespace Decant;

/// <summary>
/// One of the forms that a value can have in a recipe, <c>{ kind: linear, from: 8, to: 2 }</c>. A form with one property, called <c>Value</c>, may be written as that
/// value alone.
/// </summary>
/// <param name="kind">Its name, in kebab-case.</param>
/// <param name="type">The record that its keys are read into, derived from the marked one.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class FormAttribute(string kind, Type type) : Attribute
{
    /// <summary>Its name.</summary>
    public string Kind { get; } = kind;

    /// <summary>The record that its keys are read into.</summary>
    public Type Type { get; } = type;
}
