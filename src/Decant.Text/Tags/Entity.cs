namespace Decant.Text.Tags;

/// <summary>A named thing in a sentence.</summary>
/// <param name="Start">Its first word.</param>
/// <param name="End">The word after its last one.</param>
/// <param name="Type">What it is, such as <c>person</c>; empty where the tags name no type.</param>
internal readonly record struct Entity(int Start, int End, string Type);
