using Decant.Data;
using Decant.Data.Labels;
using Decant.Evaluation;
using Decant.Evaluation.Verdicts;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Comparing;

/// <summary>What is reported of frequent and rare classes, where the training samples of the classes are very unequal in number.</summary>
internal static class ClassGroups
{
    /// <summary>The groups of a training split; empty where its classes are about equal, or its labels are no classes.</summary>
    public static IReadOnlyList<ClassGroup> Of(Dataset train) => train.LabelKind == LabelKind.Class && train.LabelledCount > 0 ? ClassGroup.Of(train.CountByClass()) : [];

    /// <summary>The evaluation with the groups' recalls among its metrics.</summary>
    public static ModelEvaluation With(this ModelEvaluation evaluation, IReadOnlyList<ClassGroup> groups, TaskAnswers answers)
    {
        if (groups.Count == 0 || answers is not Predictions predictions)
            return evaluation;
        var metrics = new Dictionary<string, double>(evaluation.Metrics);
        foreach (var group in groups)
        {
            if (group.RecallOf(predictions) is { } recall)
                metrics[group.Metric] = recall;
        }

        return evaluation with { Metrics = metrics };
    }

    /// <summary>How teacher, student and control do on each group, and how far student and control are apart; null where there is nothing to report.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="answers">What each arm answered, by seed.</param>
    /// <param name="options">How the intervals are made.</param>
    public static ClassGroupsCompared? Compare(IReadOnlyList<ClassGroup> groups, IReadOnlyDictionary<string, List<TaskAnswers>> answers, PairedOptions options)
    {
        var predictions = answers.ToDictionary(arm => arm.Key, arm => arm.Value.OfType<Predictions>().ToArray());
        // The arms answer the same samples: what one has of a group's classes, all have.
        ClassGroupResult[] results = [.. groups.Where(g => predictions.Values.All(arm => g.RecallOf(arm[0]) is not null)).Select(g => Result(g, predictions, options))];
        return results.Length == 0 ? null : new ClassGroupsCompared { Groups = results, Confidence = options.Confidence };
    }

    private static ClassGroupResult Result(ClassGroup group, Dictionary<string, Predictions[]> answers, PairedOptions options)
    {
        var recalls = answers.ToDictionary(arm => arm.Key, arm => arm.Value.Average(p => group.RecallOf(p)!.Value));
        var result = new ClassGroupResult(group.Name, group.Classes, group.Most, group.Fewest, recalls);
        if (!answers.TryGetValue(Arms.Student, out var student) || !answers.TryGetValue(Arms.Control, out var control))
            return result;
        var difference = PairedDifference.Of(Scores(group, student), Scores(group, control), options);
        return result with { Difference = difference.Difference, Low = difference.Low, High = difference.High, Sentence = VerdictSentence.Group(group, difference) };
    }

    private static double[][] Scores(ClassGroup group, Predictions[] seeds) => [.. seeds.Select(p => group.Scores(p)!)];
}
