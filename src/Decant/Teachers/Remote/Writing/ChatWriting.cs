using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Writing;

/// <summary>What a teacher wrote of a text, or why it wrote nothing that can be used.</summary>
public sealed record ChatWriting : ChatAnswer
{
    /// <summary>What it wrote, without space around it: different texts, in the order of the samples. Empty: it abstained.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>The reasons that it gave, one for each text; empty where none were asked for.</summary>
    public IReadOnlyList<string> Rationales { get; init; } = [];
}
