using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Writing;

/// <summary>A text with what is to be written of it, shown to the teacher. It must not be a row of the test set.</summary>
public sealed record ChatWritingExample : ChatPromptExample
{
    /// <summary>An example that is given with its properties.</summary>
    public ChatWritingExample()
    {
    }

    /// <summary>An example.</summary>
    /// <param name="text">The text.</param>
    /// <param name="answer">What is to be written of it.</param>
    /// <param name="rationale">The reasons; null: none are asked for.</param>
    [SetsRequiredMembers]
    public ChatWritingExample(string text, string answer, string? rationale = null) => (Text, Answer, Rationale) = (text, answer, rationale);

    /// <summary>What is to be written of it.</summary>
    [Description("what is to be written of it")]
    public required string Answer { get; init; }

    /// <summary>The reasons, where they are asked for; null: they are not.</summary>
    [Description("the reasons, where rationale asks for them")]
    public string? Rationale { get; init; }
}
