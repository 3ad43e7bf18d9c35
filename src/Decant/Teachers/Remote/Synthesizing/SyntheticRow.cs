namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>A text that a model wrote, or an example of what it is to write.</summary>
/// <param name="Text">The text.</param>
/// <param name="Class">The name of its class; null: it has none.</param>
public sealed record SyntheticRow(string Text, string? Class = null);
