using Decant.Evaluation;
using Decant.Evaluation.TrivialAnswers;
using Decant.Evaluation.Verdicts;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>Facts that the sentences of a run's comparisons need beside the answers.</summary>
/// <param name="Teacher">What the teacher is called.</param>
/// <param name="Labels">How many labels the training split has.</param>
/// <param name="Seen">How many of them student and control have.</param>
internal sealed record ComparisonFacts(string Teacher, long Labels, long Seen)
{
    /// <summary>What must be said of the control beside its figures; empty where there is nothing.</summary>
    public string OfControl { get; init; } = "";

    /// <summary>What must be said of the test split in every sentence; empty where there is nothing.</summary>
    public string OfTest { get; init; } = "";

    /// <summary>The answer without a model that the teacher is not measurably better than; null: it is better than that.</summary>
    public Shortfall? TeacherShortfall { get; init; }

    /// <summary>The same of the student.</summary>
    public Shortfall? StudentShortfall { get; init; }
}

/// <summary>What a comparison of two arms says.</summary>
internal static class Comparisons
{
    /// <summary>The comparison of two arms, with its sentence.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    /// <param name="between">The difference between two arms; null where one of them has no answers.</param>
    /// <param name="facts">The facts that the sentences need.</param>
    public static Comparison Of(string a, string b, Func<string, string, PairedDifference?> between, ComparisonFacts facts)
    {
        var difference = between(a, b) ?? throw new InvalidOperationException($"{a} and {b} were not both evaluated.");
        return difference.ToEvent(a, b, Sentence(a, b, difference, between, facts));
    }

    private static string Sentence(string a, string b, PairedDifference difference, Func<string, string, PairedDifference?> between, ComparisonFacts facts) => (a, b) switch
    {
        (Arms.Student, Arms.Control) => VerdictSentence.Distillation(difference, facts.StudentShortfall) + facts.OfTest + facts.OfControl,
        (Arms.Student, Arms.AllLabels) => BaselineSentence.AllLabels(difference, between(Arms.AllLabels, Arms.Control), between(Arms.Student, Arms.Control), facts.Labels),
        (Arms.AllLabels, Arms.Control) => BaselineSentence.HiddenLabels(difference, facts.Labels, facts.Seen),
        (Arms.Student, Arms.FromScratch) => BaselineSentence.FromScratch(difference),
        (Arms.Control, Arms.FromScratch) => BaselineSentence.TeachersWeights(difference),
        (Arms.Student, Arms.Untrained) => BaselineSentence.Untrained(difference),
        (Arms.Student, Arms.Single) => VerdictSentence.Sharing(difference) + facts.OfTest,
        (Arms.Teacher, Arms.Student) => VerdictSentence.Kept(difference, facts.Teacher, facts.TeacherShortfall, facts.StudentShortfall) + facts.OfTest,
        _ => throw new InvalidOperationException($"There is no sentence for {a} and {b}."),
    };
}
