namespace Decant.Data.Duplicates;

/// <summary>How two texts overlap, the strongest first.</summary>
public enum OverlapKind
{
    /// <summary>The same words in the same order: nothing but case, punctuation and white space differs.</summary>
    Exact,

    /// <summary>Near duplicates by <see cref="OverlapOptions.Near"/>.</summary>
    Near,

    /// <summary>A shared passage of <see cref="OverlapOptions.Ngram"/> words; or a whole text of fewer, 8 at least, that stands in the other.</summary>
    Passage,
}

/// <summary>A text that another overlaps with.</summary>
/// <param name="Kind">How.</param>
/// <param name="Row">Which of the texts of the index, from 0.</param>
/// <param name="Share">1 of <see cref="OverlapKind.Exact"/>; the Jaccard similarity of <see cref="OverlapKind.Near"/>; of <see cref="OverlapKind.Passage"/> the share of the other's words that stand in shared passages.</param>
public sealed record OverlapMatch(OverlapKind Kind, int Row, double Share);
