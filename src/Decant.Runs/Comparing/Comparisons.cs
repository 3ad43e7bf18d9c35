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

/// <summary>Which model is compared with which at the end of a run.</summary>
internal static class Comparisons
{
    /// <summary>The comparisons that there are answers for, in the order in which they are reported.</summary>
    /// <param name="answers">What each arm answered, by seed.</param>
    /// <param name="options">How the intervals are made.</param>
    /// <param name="facts">The facts that the sentences need.</param>
    public static IEnumerable<Comparison> Of(IReadOnlyDictionary<string, List<TaskAnswers>> answers, PairedOptions options, ComparisonFacts facts)
    {
        PairedDifference? Between(string a, string b) => answers.TryGetValue(a, out var first) && answers.TryGetValue(b, out var second) ? PairedDifference.Of(first, second, options) : null;

        var help = Between(Arms.Student, Arms.Control);
        if (help is not null)
            yield return help.ToEvent(Arms.Student, Arms.Control, VerdictSentence.Distillation(help, facts.StudentShortfall) + facts.OfTest + facts.OfControl);
        if (facts.Seen < facts.Labels && Between(Arms.Student, Arms.AllLabels) is { } labels)
        {
            var worth = Between(Arms.AllLabels, Arms.Control);
            yield return labels.ToEvent(Arms.Student, Arms.AllLabels, BaselineSentence.AllLabels(labels, worth, help, facts.Labels));
            if (worth is not null)
                yield return worth.ToEvent(Arms.AllLabels, Arms.Control, BaselineSentence.HiddenLabels(worth, facts.Labels, facts.Seen));
        }

        if (Between(Arms.Student, Arms.FromScratch) is { } scratch)
            yield return scratch.ToEvent(Arms.Student, Arms.FromScratch, BaselineSentence.FromScratch(scratch));
        if (Between(Arms.Control, Arms.FromScratch) is { } weights)
            yield return weights.ToEvent(Arms.Control, Arms.FromScratch, BaselineSentence.TeachersWeights(weights));
        if (Between(Arms.Student, Arms.Untrained) is { } untrained)
            yield return untrained.ToEvent(Arms.Student, Arms.Untrained, BaselineSentence.Untrained(untrained));
        if (Between(Arms.Student, Arms.Single) is { } sharing)
            yield return sharing.ToEvent(Arms.Student, Arms.Single, VerdictSentence.Sharing(sharing) + facts.OfTest);
        var gap = Between(Arms.Teacher, Arms.Student)!;
        yield return gap.ToEvent(Arms.Teacher, Arms.Student, VerdictSentence.Kept(gap, facts.Teacher, facts.TeacherShortfall, facts.StudentShortfall) + facts.OfTest);
    }
}
