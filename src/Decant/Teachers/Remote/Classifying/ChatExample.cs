namespace Decant.Teachers.Remote.Classifying;

/// <summary>A classified text that is shown to the teacher. It must not be a row of the test set.</summary>
/// <param name="Text">The text.</param>
/// <param name="Class">The name of its class.</param>
public sealed record ChatExample(string Text, string Class);
