using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>A text with all its spans, which is shown to the teacher. It must not be a row of the test set.</summary>
public sealed record ChatExtractionExample
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

    /// <summary>The text.</summary>
    [Description("text of the example; not one of the test set")]
    public required string Text { get; init; }

    /// <summary>All spans in it, in the order of the text; default: none.</summary>
    [Description("all spans in it, in the order of the text")]
    public IReadOnlyList<ChatMention> Spans { get; init; } = [];
}
