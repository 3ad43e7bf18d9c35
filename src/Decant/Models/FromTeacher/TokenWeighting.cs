namespace Decant.Models.FromTeacher;

/// <summary>How much a token's row counts in the mean of a text.</summary>
public enum TokenWeighting
{
    /// <summary>By the place in the vocabulary, which tokenizers order by frequency: with Zipf's law the token of rank r has p = 1/(r + 1) of the sum of these, and counts a/(a + p).</summary>
    Zipf,

    /// <summary>By the frequency p in the texts of the transfer set (SIF; Arora and others 2017): a/(a + p).</summary>
    Sif,

    /// <summary>All alike.</summary>
    None,
}
