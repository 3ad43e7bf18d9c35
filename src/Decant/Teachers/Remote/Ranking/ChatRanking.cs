using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Ranking;

/// <summary>How a teacher ranks a list of documents, or why it does not.</summary>
public sealed record ChatRanking : ChatAnswer
{
    /// <summary>A score for each document of the list, in its order: the place as a number of the scale, the mean over the orders that could be read; null: the teacher abstained.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    /// <summary>How far the orders agree, as Kendall's coefficient of concordance W, from 0 to 1 (all the same); null: fewer than two could be read.</summary>
    public double? Agreement { get; init; }
}
