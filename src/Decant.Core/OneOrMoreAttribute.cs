namespace Decant;

/// <summary>Marks a list that a recipe may also write as a single value: <c>baseline: untrained</c> instead of <c>baseline: [untrained]</c>.</summary>
/// <remarks>Goes on a property that is a list of values that are written on one line.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrMoreAttribute : Attribute;
