namespace Decant.Teachers.Remote.Extracting;

/// <summary>A span of a text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="End">The place behind its end.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Text">What stands there.</param>
public sealed record ChatSpan(int Start, int End, string Type, string Text);
