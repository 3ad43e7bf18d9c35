using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Scoring;

/// <summary>A text or a pair of texts with its score, which is shown to the teacher. It must not be a row of the test set.</summary>
public sealed record ChatScoreExample : ChatPromptExample
{
    /// <summary>An example whose text and score are given with it.</summary>
    public ChatScoreExample()
    {
    }

    /// <summary>An example.</summary>
    /// <param name="text">The text.</param>
    /// <param name="score">Its score.</param>
    /// <param name="pair">The second text; null: there is one text.</param>
    [SetsRequiredMembers]
    public ChatScoreExample(string text, double score, string? pair = null) => (Text, Pair, Score) = (text, pair, score);

    /// <summary>The second text of a pair; null: there is one text.</summary>
    [Description("second text of a pair")]
    public string? Pair { get; init; }

    /// <summary>Its score, a number of the scale.</summary>
    [Description("its score, a number of the scale")]
    public required double Score { get; init; }
}
