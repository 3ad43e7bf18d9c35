using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>A classified text that is shown to the teacher. It must not be a row of the test set.</summary>
public sealed record ChatExample : ChatPromptExample
{
    /// <summary>An example whose text and class are given with it.</summary>
    public ChatExample()
    {
    }

    /// <summary>An example.</summary>
    /// <param name="text">The text.</param>
    /// <param name="class">The name of its class.</param>
    [SetsRequiredMembers]
    public ChatExample(string text, string @class) => (Text, Class) = (text, @class);

    /// <summary>The name of its class.</summary>
    [Description("name of its class")]
    public required string Class { get; init; }
}
