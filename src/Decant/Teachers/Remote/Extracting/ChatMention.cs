using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Decant.Teachers.Remote.Extracting;

/// <summary>A part of a text that is named with its type.</summary>
public sealed record ChatMention
{
    /// <summary>A mention whose type and text are given with it.</summary>
    public ChatMention()
    {
    }

    /// <summary>A mention.</summary>
    /// <param name="type">The name of its type.</param>
    /// <param name="text">The words as they stand in the text.</param>
    [SetsRequiredMembers]
    public ChatMention(string type, string text) => (Type, Text) = (type, text);

    /// <summary>The name of its type.</summary>
    [Description("name of its type")]
    public required string Type { get; init; }

    /// <summary>The words as they stand in the text.</summary>
    [Description("words as they stand in the text")]
    public required string Text { get; init; }
}
