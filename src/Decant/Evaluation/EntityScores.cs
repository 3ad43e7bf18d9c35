namespace Decant.Evaluation;

/// <summary>How well entities are found; one counts as found where its first word, its last word and its type are right.</summary>
/// <param name="Type">The type; empty for all types together.</param>
/// <param name="Right">How many were found rightly.</param>
/// <param name="Found">How many the model found.</param>
/// <param name="Support">How many there are.</param>
internal sealed record EntityScores(string Type, int Right, int Found, int Support)
{
    /// <summary>Right ÷ found; 0 when none was found.</summary>
    public double Precision => Found == 0 ? 0 : (double)Right / Found;

    /// <summary>Right ÷ support; 0 when there are none.</summary>
    public double Recall => Support == 0 ? 0 : (double)Right / Support;

    /// <summary>2·right ÷ (found + support); 0 when there are none and none were found.</summary>
    public double F1 => Found + Support == 0 ? 0 : 2.0 * Right / (Found + Support);
}
