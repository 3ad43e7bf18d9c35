namespace Decant.Evaluation;

/// <summary>The harmonic mean of precision and recall, averaged over classes.</summary>
/// <remarks>A class that is neither a label nor an answer in this split has no F1 and is left out, as in scikit-learn.</remarks>
internal static class F1
{
    /// <summary>The plain mean over the classes that occur: every class counts alike.</summary>
    public static double Macro(IReadOnlyList<ClassScores> classes) => classes.Where(c => c.Occurs).Average(c => c.F1);

    /// <summary>The mean weighted by support: every sample counts alike.</summary>
    public static double Weighted(IReadOnlyList<ClassScores> classes) =>
        classes.Sum(c => c.F1 * c.Support) / classes.Sum(c => (double)c.Support);
}
