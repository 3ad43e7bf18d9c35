using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Decant.Teachers.Remote.Classifying;

/// <summary>A class that a teacher chooses from.</summary>
public sealed record ChatClass
{
    /// <summary>A class whose name is given with it.</summary>
    public ChatClass()
    {
    }

    /// <summary>A class.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is, as the prompt says it; null: the name alone.</param>
    [SetsRequiredMembers]
    public ChatClass(string name, string? description = null) => (Name, Description) = (name, description);

    /// <summary>Its name, on one line, without space around it.</summary>
    [Description("name of the class, as in the data")]
    public required string Name { get; init; }

    /// <summary>What it is, as the prompt says it; null, the default: the name alone.</summary>
    [Description("what the class is, as the prompt says it; default: the name alone")]
    public string? Description { get; init; }
}
