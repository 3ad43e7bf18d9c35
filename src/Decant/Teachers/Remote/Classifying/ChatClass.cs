namespace Decant.Teachers.Remote.Classifying;

/// <summary>A class that a prompt asks for.</summary>
/// <param name="Name">Its name, as the student will have it.</param>
/// <param name="Description">What belongs to it, in a sentence; null: the name says it.</param>
public sealed record ChatClass(string Name, string? Description = null);
