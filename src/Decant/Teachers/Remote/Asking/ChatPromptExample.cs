using System.ComponentModel;

namespace Decant.Teachers.Remote.Asking;

/// <summary>A text that is shown to a teacher with the answer to it. It must not be a row of the test set.</summary>
public abstract record ChatPromptExample
{
    /// <summary>The text.</summary>
    [Description("text of the example; not one of the test set")]
    public required string Text { get; init; }
}
