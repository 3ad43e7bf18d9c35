using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>A text with all its spans, which is shown to the teacher. It must not be a row of the test set.</summary>
public sealed record ChatExtractionExample : ChatPromptExample
{
    /// <summary>An example whose text and spans are given with it.</summary>
    public ChatExtractionExample()
    {
    }

    /// <summary>An example.</summary>
    /// <param name="text">The text.</param>
    /// <param name="spans">All spans in it, in the order of the text.</param>
    [SetsRequiredMembers]
    public ChatExtractionExample(string text, params IReadOnlyList<ChatMention> spans) => (Text, Spans) = (text, spans);

    /// <summary>All spans in it, in the order of the text; default: none.</summary>
    [Description("all spans in it, in the order of the text")]
    public IReadOnlyList<ChatMention> Spans { get; init; } = [];
}
