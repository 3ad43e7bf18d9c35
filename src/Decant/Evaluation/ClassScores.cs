namespace Decant.Evaluation;

/// <summary>How well one class is recognised.</summary>
/// <param name="Class">The class index.</param>
/// <param name="Precision">Of the samples answered with this class, the share that has it; 0 when none was.</param>
/// <param name="Recall">Of the samples that have this class, the share answered with it; 0 when there is none.</param>
/// <param name="F1">2·precision·recall ÷ (precision + recall); 0 when both are 0.</param>
/// <param name="Support">How many samples have this class.</param>
/// <param name="Answered">How many samples were answered with this class.</param>
internal sealed record ClassScores(int Class, double Precision, double Recall, double F1, int Support, int Answered)
{
    /// <summary>Whether the class occurs at all, as a label or as an answer.</summary>
    public bool Occurs => Support > 0 || Answered > 0;

    /// <summary>The scores of every class, in order.</summary>
    public static IReadOnlyList<ClassScores> Of(ConfusionMatrix confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        return [.. Enumerable.Range(0, confusion.Classes).Select(c => Of(confusion, c))];
    }

    private static ClassScores Of(ConfusionMatrix confusion, int index)
    {
        var (right, support, answered) = (confusion[index, index], confusion.Support(index), confusion.Answered(index));
        return new ClassScores(
            index,
            answered == 0 ? 0 : (double)right / answered,
            support == 0 ? 0 : (double)right / support,
            support + answered == 0 ? 0 : 2.0 * right / (support + answered),
            support,
            answered);
    }
}
