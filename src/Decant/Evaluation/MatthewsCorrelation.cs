namespace Decant.Evaluation;

/// <summary>The correlation of answers and labels: 1 perfect, 0 no better than chance, for any class sizes.</summary>
/// <remarks>
/// R_K of Gorodkin 2004: (N·Σ right − Σ_c support_c·answered_c) ÷ √((N² − Σ answered_c²)(N² − Σ support_c²)).
/// Where the answers or the labels are all of one class the quotient is 0/0 and defined as 0.
/// </remarks>
internal static class MatthewsCorrelation
{
    /// <summary>R_K, from −1 to 1; for two classes it is the usual coefficient.</summary>
    public static double Of(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        double right = 0, both = 0, answered = 0, support = 0;
        for (var c = 0; c < confusion.Classes; c++)
        {
            double s = confusion.Support(c), a = confusion.Answered(c);
            right += confusion[c, c];
            both += s * a;
            answered += a * a;
            support += s * s;
        }
        double n = confusion.Count, spread = (n * n - answered) * (n * n - support);
        return spread <= 0 ? 0 : (n * right - both) / Math.Sqrt(spread);
    }
}
